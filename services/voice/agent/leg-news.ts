/** Decides what dialers are told of each agent's telephones: every change, and all that stands to a link that comes up. */
import type { UserId } from '@loopline/vocabulary/ids'
import type { FromVoice } from '@loopline/contracts/voice-link'

export type PhoneKind = 'browser' | 'desk'
type News = Extract<FromVoice, { type: 'agent-leg' }>

interface Standing {
  agentId: UserId
  phone: PhoneKind
  isRegistered: boolean
  isUp: boolean
  last: News
}

export class LegNews {
  readonly #standing = new Map<string, Standing>()
  readonly #tell: (news: News) => void

  constructor(tell: (news: News) => void) {
    this.#tell = tell
  }

  registered(agentId: UserId, phone: PhoneKind): void {
    const standing = this.#of(agentId, phone)
    if (standing.isRegistered) return
    standing.isRegistered = true
    if (!standing.isUp) this.#say(standing, 'registered', null)
  }

  /** A leg that is up stays so: it has an end of its own. */
  unregistered(agentId: UserId, phone: PhoneKind, reason: string): void {
    const standing = this.#of(agentId, phone)
    if (!standing.isRegistered) return
    standing.isRegistered = false
    if (!standing.isUp) this.#say(standing, 'down', reason)
  }

  up(agentId: UserId, phone: PhoneKind): void {
    const standing = this.#of(agentId, phone)
    standing.isUp = true
    this.#say(standing, 'up', null)
  }

  /**
   * The end of a leg, also of one that never came up. A telephone that is still registered can be reached again: that is told
   * after, with the reason, so that nobody takes it for one that has just come and calls whom he was hung up on by.
   */
  legDown(agentId: UserId, phone: PhoneKind, reason: string): void {
    const standing = this.#of(agentId, phone)
    standing.isUp = false
    this.#say(standing, 'down', reason)
    if (standing.isRegistered) this.#say(standing, 'registered', reason)
  }

  greeting(): FromVoice[] {
    return [...this.#standing.values()].map(({ last }) => last)
  }

  #of(agentId: UserId, phone: PhoneKind): Standing {
    const key = `${phone}/${agentId}`
    const known = this.#standing.get(key)
    if (known !== undefined) return known
    const last: News = { type: 'agent-leg', agentId, phone, state: 'down', reason: null, at: Date.now() }
    const fresh: Standing = { agentId, phone, isRegistered: false, isUp: false, last }
    this.#standing.set(key, fresh)
    return fresh
  }

  #say(standing: Standing, state: News['state'], reason: string | null): void {
    const { agentId, phone } = standing
    standing.last = { type: 'agent-leg', agentId, phone, state, reason, at: Date.now() }
    if (!standing.isRegistered && !standing.isUp) this.#standing.delete(`${phone}/${agentId}`) // down is what a link assumes of whom it hears nothing
    this.#tell(standing.last)
  }
}
