import { faultsOf } from '@loopline/agent-state/self-test'
import { newId } from '@loopline/clock/new-id'
import type { AgentView, LegFindings, PageFindings } from '@loopline/contracts/agent'
import type { FromVoice } from '@loopline/contracts/voice-link'
import type { UserId } from '@loopline/vocabulary/ids'
import { audited } from '../campaign/change-campaign.ts'
import type { Actor } from '../attempt/scope.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { apply } from '../talk/on-talk.ts'
import { NOT_TESTED, testOf, viewOf } from './agent-row.ts'
import type { AgentRow, TestRow } from './agent-row.ts'
import { changeAgent } from './change-agent.ts'
import type { Wanted } from './change-agent.ts'
import { maySeeAgent } from './list-agents.ts'
import { changeOrFail, mustChange } from './wish.ts'

/** Voice is done within five seconds, and the page tells its part at once: who has not said anything by then will not. */
const PATIENCE_MS = 12_000

/**
 * Has voice try the agent's telephone, and waits for what voice and, for a browser, the page find. Nobody is ready meanwhile; a test
 * that was begun before is over. @throws AGENT_NOT_SIGNED_ON · AGENT_BUSY · AGENT_LEG_DOWN · VOICE_AWAY
 */
export async function startSelfTest(dialer: Dialer, agentId: UserId): Promise<AgentView> {
  if (dialer.voice.epoch === null) throw failed('VOICE_AWAY')
  const testId = newId(dialer.clock)
  const begin = (row: AgentRow): Wanted => {
    mustBeTestable(row)
    return { kind: 'tested', isTested: testOf(row).waived !== null }
  }
  const row = await changeOrFail(dialer, agentId, begin, { fields: (before) => ({ selfTest: { ...NOT_TESTED, state: 'running', testId, startedAt: dialer.clock.now(), waived: testOf(before).waived } }) })
  dialer.voice.send({ type: 'talk', orders: [{ order: 'test-leg', agentId, testId }] })
  return viewOf(row)
}

function mustBeTestable({ session }: AgentRow): void {
  if (session.state === 'offline') throw failed('AGENT_NOT_SIGNED_ON')
  if (session.call !== null) throw failed('AGENT_BUSY')
  if (session.leg !== 'up') throw failed('AGENT_LEG_DOWN')
}

/** What voice found. Every dialer hears it; the first one's word stands. */
export function onLegTested(dialer: Dialer, { agentId, testId, findings }: Extract<FromVoice, { type: 'leg-tested' }>): void {
  const found = (row: AgentRow): TestRow | null => (isRunning(row, testId) && testOf(row).leg === null ? judged(dialer, row, { leg: findings }) : null)
  apply(dialer, agentId, (row) => tested(found(row)), { fields: (row) => ({ selfTest: found(row) ?? testOf(row) }) })
}

/** What the page found. @throws AGENT_STATE_WRONG when that test is not, or no longer, going on */
export async function tellPageFindings(dialer: Dialer, agentId: UserId, testId: string, { device, ...page }: PageFindings & { device: string }): Promise<AgentView> {
  const input = (row: AgentRow): Wanted | null => {
    if (!isRunning(row, testId)) throw failed('AGENT_STATE_WRONG', { current: viewOf(row) })
    return tested(judged(dialer, row, { page, device }))
  }
  return viewOf(mustChange(await changeAgent(dialer, agentId, input, { fields: (row) => ({ selfTest: judged(dialer, row, { page, device }) }) })))
}

/** What the agent speaks through now: another microphone than the one that was tested needs a test of its own. */
export async function nameDevice(dialer: Dialer, agentId: UserId, device: string): Promise<AgentView> {
  const isOther = (row: AgentRow): boolean => { const { device: known, waived } = testOf(row); return known !== null && known !== device && waived === null }
  return viewOf(mustChange(await changeAgent(dialer, agentId, (row) => (isOther(row) ? { kind: 'tested', isTested: false } : null), { fields: { selfTest: NOT_TESTED } })))
}

/** Lets an agent work whose telephone was not found good; until he signs off, or takes another one. Audited first. */
export async function waiveSelfTest(dialer: Dialer, actor: Actor, agentId: UserId, reason: string): Promise<AgentView> {
  const row = dialer.agents.get(agentId)
  if (!row || !maySeeAgent(actor, row)) throw failed('AGENT_NOT_FOUND')
  if (row.session.state === 'offline') throw failed('AGENT_NOT_SIGNED_ON')
  const { state, faults } = testOf(row)
  await audited(dialer, actor.identity, 'agent:waive-self-test', agentId, { reason, state, faults })
  const waived = { by: actor.identity.name, reason }
  const fields = (before: AgentRow): { selfTest: TestRow } => ({ selfTest: { ...testOf(before), state: 'waived', testId: null, at: dialer.clock.now(), waived } })
  return viewOf(await changeOrFail(dialer, agentId, { kind: 'tested', isTested: true }, { fields }))
}

/** Tests of which somebody's part never came: voice was restarted, or the page closed. To be called with each round. */
export async function giveUpTests(dialer: Dialer): Promise<void> {
  const isLate = (row: AgentRow): boolean => testOf(row).state === 'running' && dialer.clock.now() - (testOf(row).startedAt ?? 0) >= PATIENCE_MS
  for (const { agentId } of dialer.agents.all().filter(isLate)) {
    const given = (row: AgentRow): TestRow | null => (isLate(row) ? decided(dialer, testOf(row), ['no-result']) : null)
    await changeAgent(dialer, agentId, (row) => tested(given(row)), { fields: (row) => ({ selfTest: given(row) ?? testOf(row) }) })
  }
}

const isRunning = (row: AgentRow, testId: string): boolean => testOf(row).state === 'running' && testOf(row).testId === testId

const tested = (test: TestRow | null): Wanted | null => test && { kind: 'tested', isTested: test.state === 'passed' || test.waived !== null }

/** The test with one more part; decided once all parts are there. An interruption needs no second opinion. */
function judged(dialer: Dialer, row: AgentRow, part: { leg: LegFindings } | { page: PageFindings; device: string }): TestRow {
  const test = { ...testOf(row), ...part }
  const needsPage = row.phone === 'browser' && test.leg?.isInterrupted !== true
  if (test.leg === null || (needsPage && test.page === null)) return test
  return decided(dialer, test, faultsOf(test.leg, row.phone === 'browser' ? test.page : null))
}

function decided({ clock }: Dialer, test: TestRow, faults: TestRow['faults']): TestRow {
  const bad = test.waived === null ? ('failed' as const) : ('waived' as const)
  return { ...test, state: faults.length === 0 ? 'passed' : bad, faults, at: clock.now() }
}
