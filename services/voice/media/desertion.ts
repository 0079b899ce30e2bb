/**
 * Decides what becomes of a person who talked with us while nobody of ours is there: by time alone, and by what the dialer
 * says meanwhile. Times: ms, monotonic.
 */

/**
 * How long the agent's leg may be gone before the call is his colleague's, or dialers are told again and again. Longer than his session
 * keeps the call for him (engines/agent, LEG_GRACE_MS): then nobody waits for that leg.
 */
const WAITING_AFTER_MS = 3_500
/** Whom no dialer found anybody for by then is told so, and hung up on. */
const WAITING_MAX_MS = 9_000
const TELL_AGAIN_MS = 2_000
/**
 * A leg that was away longer may find that its agent's session has let the call go (three seconds there, and news takes its
 * time): who comes back then is joined by a word of the dialer, not by himself, or the two would talk with nobody knowing of it.
 */
const RESUMES_WITHIN_MS = 2_500
const LET_GO_TELL_MS = 500

export type DesertionStep = 'nothing' | 'tell-dialers' | 'give-to-colleague' | 'fall-back'

export class Desertion {
  /** Since when nobody is there; null while somebody is. */
  since: number | null = null
  /** The agent's leg is back, and whether the call is still his is for the dialer to say. */
  isLetGo = false
  #toldAt = 0

  /** The agent's leg is up anew. */
  agentIsBack(now: number): void {
    if (this.since !== null && now - this.since >= RESUMES_WITHIN_MS) this.isLetGo = true
  }

  /** Somebody has the person, or nobody will. */
  end(): void {
    this.since = null
    this.isLetGo = false
  }

  /** Looked at a few times a second. */
  look(now: number, { isAgentUp, isColleagueUp }: { isAgentUp: boolean; isColleagueUp: boolean }): DesertionStep {
    if (isAgentUp && !this.isLetGo) {
      this.since = null
      return 'nothing'
    }
    if (this.since === null) {
      this.since = now
      this.#toldAt = now
    }
    const awayMs = now - this.since
    if (awayMs >= WAITING_MAX_MS) return 'fall-back'
    if (awayMs < WAITING_AFTER_MS && !this.isLetGo) return 'nothing'
    if (isColleagueUp) return 'give-to-colleague'
    if (now - this.#toldAt < (this.isLetGo ? LET_GO_TELL_MS : TELL_AGAIN_MS)) return 'nothing'
    this.#toldAt = now
    return 'tell-dialers'
  }
}
