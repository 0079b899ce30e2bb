import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { AgentDay } from '@loopline/contracts/agent'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { openWorld } from './harness.ts'
import type { World } from './harness.ts'

let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
})
afterAll(() => world.close())

interface Report { items: AgentDay[] }
const MINUTE_MS = 60_000

/** Somebody with a past, as it is kept when each state is left. */
async function worked(teamId: string | null, spells: readonly (readonly [state: string, reason: string | null, from: string, minutes: number, attemptId?: string])[]): Promise<AgentDesk> {
  const desk = new AgentDesk(world, dialer.url, { teamId })
  await desk.ask('POST', '/agents/me/sign-on', { pageId: 'page-of-tests' })
  await desk.wish({ state: 'offline' })
  const [{ version } = { version: 0 }] = await world.database.db.sql<{ version: number }>`select version from dialer.agent_session where agent_id = ${desk.agentId}`
  await world.database.db.sql`delete from dialer.agent_time where agent_id = ${desk.agentId}`
  for (const [index, [state, reason, from, minutes, attemptId]] of spells.entries()) {
    const [begins, ends] = [new Date(from), new Date(Date.parse(from) + minutes * MINUTE_MS)]
    await world.database.db.sql`
      insert into dialer.agent_time (agent_id, version, state, reason, from_at, to_at, attempt_id) values (${desk.agentId}, ${version + index + 1}, ${state}, ${reason}, ${begins}, ${ends}, ${attemptId ?? null})`
  }
  return desk
}
const report = async (who: AgentDesk, query = 'from=2026-03-02&to=2026-03-03'): Promise<{ status: number; items: AgentDay[] }> => {
  const { status, body } = await who.ask<Report>('GET', `/agents/time?${query}`)
  return { status, items: body.items }
}

test('each state by day, pauses by reason, split at midnight of the zone that is asked for', async () => {
  const [first, second] = [newId(), newId()]
  const seller = await worked(null, [
    ['offline', null, '2026-03-02T00:00:00+08:00', 540],
    ['paused', 'signed-on', '2026-03-02T09:00:00+08:00', 5],
    ['ready', null, '2026-03-02T09:05:00+08:00', 10],
    ['reserved', null, '2026-03-02T09:15:00+08:00', 1, first],
    ['ringing', null, '2026-03-02T09:16:00+08:00', 1, first],
    ['talking', null, '2026-03-02T09:17:00+08:00', 3, first],
    ['on-hold', null, '2026-03-02T09:20:00+08:00', 2, first],
    ['talking', null, '2026-03-02T09:22:00+08:00', 4, first],
    ['wrap-up', null, '2026-03-02T09:26:00+08:00', 2, first],
    ['paused', 'meal', '2026-03-02T12:00:00+08:00', 30],
    ['talking', null, '2026-03-02T23:50:00+08:00', 25, second],
    ['paused', 'meal', '2026-03-03T00:15:00+08:00', 15],
  ])
  const minutes = (...[agentId, day, calls, ready, dialing, talking, hold, wrapUp, paused]: [string, string, number, number, number, number, number, number, Record<string, number>]): object => ({
    agentId, name: '王芳', day, calls, readyMs: ready * MINUTE_MS, dialingMs: dialing * MINUTE_MS, talkingMs: talking * MINUTE_MS, holdMs: hold * MINUTE_MS, wrapUpMs: wrapUp * MINUTE_MS,
    pausedMs: Object.fromEntries(Object.entries(paused).map(([reason, spent]) => [reason, spent * MINUTE_MS])),
    mos: null, loss: null,
  })
  expect((await report(seller)).items).toEqual([
    minutes(seller.agentId, '2026-03-02', 2, 10, 2, 17, 2, 2, { 'signed-on': 5, meal: 30 }),
    minutes(seller.agentId, '2026-03-03', 1, 0, 0, 15, 0, 0, { meal: 15 }),
  ])
  const utc = await report(seller, 'from=2026-03-02&to=2026-03-02&timeZone=UTC')
  expect(utc.items).toMatchObject([{ day: '2026-03-02', talkingMs: 32 * MINUTE_MS, pausedMs: { meal: 45 * MINUTE_MS } }])
})

test('what goes on counts until now', async () => {
  const seller = new AgentDesk(world, dialer.url)
  await seller.begin()
  const today = new Date().toISOString().slice(0, 10)
  const { items } = await report(seller, `from=${today}&to=${today}&timeZone=UTC`)
  expect(items).toMatchObject([{ agentId: seller.agentId, readyMs: expect.any(Number), pausedMs: { 'signed-on': expect.any(Number) } }])
  await seller.wish({ state: 'offline' })
})

test('an agent reads his own, a lead those of his team, an admin all; what cannot be meant is refused', async () => {
  const teamId = newId()
  const spell = [['ready', null, '2026-03-02T09:00:00+08:00', 10]] as const
  const [one, other] = [await worked(teamId, spell), await worked(null, spell)]
  const lead = new AgentDesk(world, dialer.url, { role: 'supervisor', teamId })
  const admin = new AgentDesk(world, dialer.url, { role: 'admin' })
  const seen = async (who: AgentDesk): Promise<string[]> => (await report(who)).items.map(({ agentId }) => agentId)
  expect(await seen(one)).toEqual([one.agentId])
  expect(await seen(lead)).toEqual([one.agentId])
  expect(await seen(admin)).toEqual(expect.arrayContaining([one.agentId, other.agentId]))
  for (const query of ['from=2026-03-03&to=2026-03-02', 'from=2026-01-01&to=2026-03-02', 'from=yesterday&to=2026-03-02', 'from=2026-03-02&to=2026-03-02&timeZone=Mars/Olympus']) {
    expect((await report(admin, query)).status).toBe(400)
  }
})

test('how he was heard is the mean of his parts of that day that were measured', async () => {
  const seller = await worked(null, [['ready', null, '2026-03-02T09:00:00+08:00', 60], ['ready', null, '2026-03-03T09:00:00+08:00', 60]])
  const part = (at: string, quality: object | null): Promise<unknown> => world.database.db.sql`
    insert into dialer.call_part (customer_id, attempt_id, agent_id, version, name, role, joined_at, quality)
    values (${newId()}, ${newId()}, ${seller.agentId}, 1, '王芳', 'agent', ${new Date(at)}, ${quality === null ? null : JSON.stringify(quality)}::json)`
  await part('2026-03-02T09:10:00+08:00', { mos: 4.4, loss: 0 })
  await part('2026-03-02T09:20:00+08:00', { mos: 3.6, loss: 0.02 })
  await part('2026-03-02T09:30:00+08:00', null)
  const { items } = await report(seller)
  expect(items.map(({ day, mos, loss }) => [day, mos === null ? null : mos.toFixed(2), loss])).toEqual([['2026-03-02', '4.00', 0.01], ['2026-03-03', null, null]])
})
