/** A shift of agents at desk telephones: they talk, hold, hang up and write notes as people do, each by what the dialer tells of him. */
import type { AgentState, AgentView } from '@loopline/contracts/agent'
import type { Session } from '@loopline/interop/product'
import type { DeskAgent } from './desk-agents.ts'

/** A-law that only agents say. */
export const AGENT_BYTE = 0x3b
const LOOK_MS = 400
const HOLD_MS = { least: 1_000, more: 2_000 }
const NOTES_MS = { least: 300, more: 2_500 }
/** Of talks, how many have such a thing in them. */
const SHARE = { hold: 0.2, pausedRecording: 0.1, hangUp: 0.4, notes: 0.8 }

/** An act that came when its call was just over is refused, and rightly. */
const TOO_LATE = /answered (?:404|409)/

export interface ShiftPlan {
  admin: Session
  agents: readonly DeskAgent[]
  random(): number
  /** How long a talk lasts on average. */
  talkMs: number
  /** The longest an agent may be in each state; ms. */
  limits: Readonly<Partial<Record<AgentState, number>>>
}

/** Somebody who was longer in a state than anything allows. */
export interface Stuck {
  agentId: string
  state: AgentState
  forMs: number
}

export class Shift {
  readonly stuck = new Map<string, Stuck>()
  readonly failures: string[] = []
  /** How many acts were refused because the call was over before. */
  tooLate = 0
  acts = 0
  /** Ready and without a call although somebody is due: resting by force, not by wish. */
  pushedToRest = 0
  readonly #plan: ShiftPlan
  readonly #byId: Map<string, DeskAgent>
  readonly #seen = new Map<string, string>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #states: AgentState[] = []
  #isOver = false
  #isDraining = false
  #firstTalkAt: number | null = null
  #looking: Promise<void> = Promise.resolve()

  constructor(plan: ShiftPlan) {
    this.#plan = plan
    this.#byId = new Map(plan.agents.map((agent) => [agent.agentId, agent]))
  }

  start(): void {
    this.#looking = this.#lookOn()
  }

  /** In how many talks the shift is now. */
  get talking(): number {
    return this.#states.filter((state) => state === 'talking' || state === 'on-hold').length
  }

  /** Asked for all of them at once: an agent who asks for himself has a connection of his own. */
  async views(): Promise<AgentView[]> {
    const { items } = await this.#plan.admin.get<{ items: AgentView[] }>('/api/dialer/agents')
    return items.filter(({ agentId }) => this.#byId.has(agentId))
  }

  /** Nobody is called any more: whoever is ready may wait. */
  drain(): void {
    this.#isDraining = true
  }

  /** Nobody acts any more; what was begun comes to its end. */
  async end(): Promise<void> {
    this.#isOver = true
    for (const timer of this.#timers) clearTimeout(timer)
    await this.#looking
  }

  async #lookOn(): Promise<void> {
    while (!this.#isOver) {
      try {
        const items = await this.views()
        this.#states = items.map(({ state }) => state)
        for (const view of items) this.#look(view)
      } catch (error) {
        this.failures.push(`the list of agents: ${error instanceof Error ? error.message : String(error)}`)
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  #look(view: AgentView): void {
    const agent = this.#byId.get(view.agentId)
    if (agent === undefined) return
    this.#judge(view)
    const scene = `${view.state} ${view.call?.attemptId ?? view.since}`
    if (this.#seen.get(view.agentId) === scene) return
    this.#seen.set(view.agentId, scene)
    if (view.state === 'talking' && view.call !== null) this.#talk(agent, view.call.attemptId)
    else if (view.state === 'wrap-up' && view.call !== null) this.#write(agent, view.call.attemptId)
    else if (view.state === 'paused') {
      this.pushedToRest += 1
      this.#act(0, () => agent.call('POST', '/agents/me/state', { state: 'ready' }))
    }
  }

  #judge({ agentId, state, since, call }: AgentView): void {
    // Before the first call the campaign is being loaded, after the last nobody is called: those may wait.
    if (state === 'ready' && (this.#isDraining || this.#firstTalkAt === null || Date.parse(since) < this.#firstTalkAt)) return
    const limit = this.#plan.limits[state]
    const forMs = Date.now() - Date.parse(since)
    if (limit !== undefined && forMs > limit) this.stuck.set(`${agentId} ${state} ${call?.attemptId ?? since}`, { agentId, state, forMs })
  }

  /** A talk is seen again after a hold: it is planned once. */
  #talk(agent: DeskAgent, attemptId: string): void {
    const { random, talkMs } = this.#plan
    const key = `talk ${agent.agentId}`
    if (this.#seen.get(key) === attemptId) return
    this.#seen.set(key, attemptId)
    this.#firstTalkAt ??= Date.now()
    const order = (what: string): Promise<unknown> => agent.call('POST', `/calls/${attemptId}/talk`, { do: what })
    if (random() < SHARE.hold) this.#pair(random() * talkMs * 0.5, () => order('hold'), () => order('resume'))
    if (random() < SHARE.pausedRecording) this.#pair(random() * talkMs * 0.5, () => order('pause-recording'), () => order('resume-recording'))
    if (random() < SHARE.hangUp) this.#act(talkMs * (0.3 + random() * 0.7), () => order('hang-up'))
  }

  #write(agent: DeskAgent, attemptId: string): void {
    const { random } = this.#plan
    if (random() < SHARE.notes) this.#act(within(NOTES_MS, random), () => agent.call('POST', '/agents/me/wrap-up', { attemptId, outcome: 'connected', note: 'soak', next: 'ready' }))
  }

  #pair(afterMs: number, first: () => Promise<unknown>, second: () => Promise<unknown>): void {
    this.#act(afterMs, first, () => this.#act(within(HOLD_MS, this.#plan.random), second))
  }

  #act(afterMs: number, act: () => Promise<unknown>, then?: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.acts += 1
      act().then(then, (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        if (TOO_LATE.test(message)) this.tooLate += 1
        else this.failures.push(message)
      })
    }, afterMs)
    this.#timers.add(timer)
  }
}

const within = ({ least, more }: { least: number; more: number }, random: () => number): number => least + random() * more
