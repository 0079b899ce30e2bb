import { newId } from '@loopline/clock/new-id'
import type { AgentView, ChangeAgentState, TellPageFindings } from '@loopline/contracts/agent'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { Identity } from '@loopline/http/identity-token'
import type { UserId } from '@loopline/vocabulary/ids'
import type { Role } from '@loopline/vocabulary/roles'
import type { z } from 'zod'
import { until } from './harness.ts'
import type { World } from './harness.ts'

/** One person at a desk: a page, a telephone, and what he does with them. */
export class AgentDesk {
  readonly agentId = newId<UserId>()
  readonly identity: Identity
  readonly #world: World
  url: string

  constructor(world: World, url: string, { role = 'agent', teamId = null }: { role?: Role; teamId?: string | null } = {}) {
    this.#world = world
    this.url = url
    this.identity = { sub: this.agentId, role, name: '王芳', teamId }
  }

  ask<Answer = AgentView>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }> {
    return this.#world.ask<Answer>(this.url, method, path, body, this.identity)
  }

  async me(): Promise<AgentView> {
    return (await this.ask('GET', '/agents/me')).body
  }

  /** Signs on, connects the telephone, and is ready for these campaigns. */
  async begin(...campaignIds: string[]): Promise<void> {
    await this.ask('POST', '/agents/me/sign-on', { pageId: `page-${this.agentId.slice(-8)}`, campaignIds })
    this.#world.voice.leg(this.agentId, 'up')
    await this.is(({ leg }) => leg === 'up', 'the leg is up')
    await this.test()
    await this.wish({ state: 'ready' })
  }

  /** Tries the telephone: voice tells what the script says, the page what is given. */
  async test(page: Partial<z.input<typeof TellPageFindings>> = {}): Promise<AgentView> {
    const { body } = await this.ask('POST', '/agents/me/self-test')
    const { testId } = body.selfTest
    if (body.phone === 'browser') await this.ask('POST', `/agents/me/self-test/${testId}/page`, { ...PAGE_FINDINGS, ...page })
    return this.is(({ selfTest }) => selfTest.testId === testId && selfTest.state !== 'running', 'the test is decided')
  }

  wish(wish: z.input<typeof ChangeAgentState>): Promise<{ status: number; body: AgentView }> {
    return this.ask('POST', '/agents/me/state', wish)
  }

  /** Waits until the session is so. */
  is(holds: (view: AgentView) => boolean, what: string, withinMs?: number): Promise<AgentView> {
    return until(async () => {
      const view = await this.me()
      return holds(view) && view
    }, what, withinMs)
  }

  inState(state: AgentView['state'], withinMs?: number): Promise<AgentView> {
    return this.is((view) => view.state === state, state, withinMs)
  }

  /** The call that is made for him. */
  call(): Promise<DialCommand> {
    return until(async () => {
      const { call } = await this.me()
      return call && this.#world.voice.dialled.find(({ attemptId }) => attemptId === call.attemptId)
    }, 'a call for the agent')
  }
}

export const PAGE_FINDINGS: z.input<typeof TellPageFindings> = {
  device: 'headset', microphone: { isMuted: false, levelDbfs: -20 }, path: { kind: 'host', protocol: 'udp', roundTripMs: 3 }, echo: { packetsReceived: 50, loss: 0, jitterMs: 2, levelDbfs: -21 },
}
