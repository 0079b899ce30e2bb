/** Agents of a predictive campaign: they talk until the customer hangs up, write notes as long as people do, and go on. */
import type { AgentView } from '@loopline/contracts/agent'
import type { Session } from '@loopline/interop/product'
import type { DeskAgent } from './desk-agents.ts'

const LOOK_MS = 250

/** An act that came when its call was just over is refused, and rightly. */
const TOO_LATE = /answered (?:404|409)/

export interface CrewPlan {
  admin: Session
  agents: readonly DeskAgent[]
  /** How long these notes take, ms. */
  notesMs(): number
}

export class Crew {
  readonly failures: string[] = []
  readonly #plan: CrewPlan
  readonly #byId: Map<string, DeskAgent>
  readonly #seen = new Map<string, string>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isOver = false
  #looking: Promise<void> = Promise.resolve()

  constructor(plan: CrewPlan) {
    this.#plan = plan
    this.#byId = new Map(plan.agents.map((agent) => [agent.agentId, agent]))
  }

  start(): void {
    this.#looking = this.#lookOn()
  }

  /** Nobody acts any more. */
  async end(): Promise<void> {
    this.#isOver = true
    for (const timer of this.#timers) clearTimeout(timer)
    await this.#looking
  }

  async #lookOn(): Promise<void> {
    while (!this.#isOver) {
      try {
        const { items } = await this.#plan.admin.get<{ items: AgentView[] }>('/api/dialer/agents')
        for (const view of items) this.#look(view)
      } catch (error) {
        this.failures.push(`the list of agents: ${error instanceof Error ? error.message : String(error)}`)
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }

  #look(view: AgentView): void {
    const agent = this.#byId.get(view.agentId)
    const scene = `${view.state} ${view.since}`
    if (agent === undefined || this.#seen.get(view.agentId) === scene) return
    this.#seen.set(view.agentId, scene)
    const attemptId = view.call?.attemptId
    if (view.state === 'wrap-up' && attemptId !== undefined) {
      const written = Math.max(0, this.#plan.notesMs() - (Date.now() - Date.parse(view.since)))
      this.#act(written, () => agent.call('POST', '/agents/me/wrap-up', { attemptId, outcome: 'connected', note: 'bench', next: 'ready' }))
    } else if (view.state === 'paused') this.#act(0, () => agent.call('POST', '/agents/me/state', { state: 'ready' }))
  }

  #act(afterMs: number, act: () => Promise<unknown>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act().catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        if (!TOO_LATE.test(message)) this.failures.push(message)
      })
    }, afterMs)
    this.#timers.add(timer)
  }
}
