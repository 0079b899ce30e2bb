import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock } from '@loopline/clock/clock'
import type { CampaignSettings } from '@loopline/contracts/campaign'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import type { DialCommand } from '@loopline/contracts/voice-link'
import { newPacingMemory, observe } from '@loopline/pacing/pacing-memory'
import type { PacingMemory } from '@loopline/pacing/pacing-memory'
import type { CallCrashPoint } from '../crash-point.ts'
import { AgentDesk } from './agent-desk.ts'
import { openWorld, present, region, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await storeLine(world)
})
afterAll(() => world.close())
beforeEach(() => { world.voice.script = () => null })

const stops: (() => Promise<void>)[] = []
/** Some dialers are gone by then. */
afterEach(async () => { for (const stop of stops.splice(0).toReversed()) await stop().catch(() => undefined) })

async function start(...[settings, clock]: Parameters<World['startDialer']>): Promise<string> {
  const dialer = await world.startDialer(settings, clock)
  stops.push(() => dialer.stop())
  return dialer.url
}

let crowds = 0
async function campaign(url: string, size: number, settings: Partial<CampaignSettings> = {}): Promise<string> {
  const name = `paced ${crowds += 1}`
  world.crm.add(...Array.from({ length: size }, () => customer(world.keys, { region: name, recordingConsent: 'granted' })))
  const { campaignId } = await startCampaign(world, url, { audience: region(name), mode: 'predictive', wrapUpMs: 60_000, ratePerSecond: 100, ringTimeMs: 60_000, ...settings })
  stops.push(async () => void (await world.ask(url, 'POST', `/campaigns/${campaignId}/stop`, {})))
  return campaignId
}
async function desks(url: string, count: number, ...campaignIds: string[]): Promise<AgentDesk[]> {
  const made = Array.from({ length: count }, () => new AgentDesk(world, url))
  const lead = new AgentDesk(world, url, { role: 'admin' })
  for (const desk of made) {
    await desk.begin(...campaignIds)
    stops.push(async () => void (await lead.ask('POST', `/agents/${desk.agentId}/force`, { state: 'offline', reason: 'the test is over' })))
  }
  return made
}
const callsOf = (campaignId: string): DialCommand[] => world.voice.dialled.filter((call) => call.campaignId === campaignId)
const progress = async (url: string, campaignId: string): Promise<CampaignProgress> => (await world.ask<CampaignProgress>(url, 'GET', `/campaigns/${campaignId}/progress`)).body
const reasonIs = (url: string, campaignId: string, kind: string): Promise<CampaignProgress> => until(async () => {
  const now = await progress(url, campaignId)
  return now.pacing?.reason?.kind === kind && now
}, `the pacing says ${kind}`)
const windowOf = async (campaignId: string): Promise<unknown> =>
  (await world.database.db.sql`select sum(live)::integer as live, sum(abandoned)::integer as abandoned from dialer.abandonment where campaign_id = ${campaignId}`)[0]
const outcomeOf = async ({ attemptId }: DialCommand): Promise<unknown> => (await world.database.db.sql`select outcome from dialer.attempt where id = ${attemptId}`)[0]?.['outcome']

/** A list of which one in five answers, known for some thousand calls. */
function experienced(): PacingMemory {
  const memory = newPacingMemory({ ringTimeoutMs: 62_000 })
  for (let call = 0; call < 2_000; call += 1) observe(memory, call % 5 === 0 ? { kind: 'answered', ageMs: 4_000 + (call % 100) * 100 } : { kind: 'unanswered', ageMs: 30_000 })
  for (let talk = 0; talk < 400; talk += 1) {
    observe(memory, { kind: 'talk-ended', talkMs: 60_000 + (talk % 100) * 1_000 })
    observe(memory, { kind: 'wrap-ended', wrapMs: 10_000 + (talk % 20) * 1_000, to: 'idle' })
  }
  memory.came = 0
  Object.assign(memory.level, { shift: Math.log(0.2 / 0.8) - Math.log(0.3 / 0.7), variance: 0.01 })
  return memory
}
/** As if a former process had paced this campaign for hours, within its budget. */
async function remembered(campaignId: string, memory: unknown): Promise<void> {
  await world.database.db.sql`insert into dialer.pacing_memory (campaign_id, memory) values (${campaignId}, ${JSON.stringify(memory)}::json)`
  await world.database.db.sql`insert into dialer.abandonment (campaign_id, hour, dialer_id, live, abandoned) values (${campaignId}, date_trunc('hour', now(), 'UTC'), uuidv7(), 2000, 20)`
}
async function draft(url: string, size: number, settings: Partial<CampaignSettings>): Promise<{ campaignId: string; begin(): Promise<void> }> {
  const name = `paced ${crowds += 1}`
  world.crm.add(...Array.from({ length: size }, () => customer(world.keys, { region: name, recordingConsent: 'granted' })))
  const made = await world.ask<{ campaignId: string }>(url, 'POST', '/campaigns', { name, audience: region(name), mode: 'predictive', wrapUpMs: 60_000, ratePerSecond: 100, maxConcurrent: 500, ringTimeMs: 60_000, ...settings })
  const { campaignId } = made.body
  return { campaignId, begin: async () => {
    await world.ask(url, 'POST', `/campaigns/${campaignId}/start`, {})
    stops.push(async () => void (await world.ask(url, 'POST', `/campaigns/${campaignId}/stop`, {})))
  } }
}

test('nobody is called while nobody is at work, and the campaign says so; then a call for more than one agent each', { timeout: 120_000 }, async () => {
  const url = await start()
  const { campaignId, begin } = await draft(url, 60, {})
  await remembered(campaignId, experienced())
  await begin()
  await until(async () => (await progress(url, campaignId)).holdReason === 'no-agent', 'it waits for agents')
  expect(await reasonIs(url, campaignId, 'no-agents')).toMatchObject({ pacing: { mode: 'predictive', ringing: 0, agents: { idle: 0 }, budget: { live: 2_000, abandoned: 20, cap: 0.03 } } })
  expect(callsOf(campaignId)).toEqual([])
  await desks(url, 4, campaignId)
  await reasonIs(url, campaignId, 'nobody-free-in-time')
  const said = await until(async () => {
    const now = await progress(url, campaignId)
    return now.pacing?.ringing === callsOf(campaignId).length && now.pacing.agents.idle === 4 && now
  }, 'all its calls are told')
  const { length } = callsOf(campaignId)
  expect(length).toBeGreaterThan(4)
  expect(length).toBeLessThan(60)
  expect(callsOf(campaignId).every(({ talk }) => talk?.agentId === null)).toBe(true)
  const pacing = present(said.pacing)
  expect(pacing.expectedAnswers).toBeGreaterThan(0.5)
  expect(pacing.expectedAnswers).toBeLessThan(length)
  expect(pacing.agents).toEqual({ idle: 4, talking: 0, wrapUp: 0, paused: 0 })
})

test('whoever is free takes the answer; who comes within two seconds is in time, and who hears nobody is abandoned by the book', { timeout: 120_000 }, async () => {
  const url = await start()
  const campaignId = await campaign(url, 60, { mode: 'ratio', callsPerAgent: 3, wrapUpMs: 0 })
  const [seller] = await desks(url, 1, campaignId) as [AgentDesk]
  await until(() => callsOf(campaignId).length >= 3, 'calls beyond the one agent')
  const [first, second, third] = callsOf(campaignId) as [DialCommand, DialCommand, DialCommand]
  world.voice.answerAlone(first)
  expect((await seller.inState('talking')).call).toMatchObject({ attemptId: first.attemptId })
  // The second waits, and his first talk ends in time.
  world.voice.answerAlone(second)
  world.voice.hangUp(first)
  await seller.is(({ state, call }) => state === 'talking' && call?.attemptId === second.attemptId, 'the second talk')
  world.voice.answerAlone(third)
  world.voice.fallBack(third)
  world.voice.hangUp(third)
  await until(async () => (await outcomeOf(third)) === 'abandoned', 'the third is abandoned')
  world.voice.hangUp(second)
  await until(async () => (await outcomeOf(second)) === 'connected', 'the second is over')
  expect(await windowOf(campaignId)).toEqual({ live: 3, abandoned: 1 })
  const { pacing, outcomes } = await until(async () => {
    const now = await progress(url, campaignId)
    return now.pacing?.budget.live === 3 && now
  }, 'it is told')
  expect(pacing?.budget).toMatchObject({ live: 3, abandoned: 1 })
  expect(outcomes).toMatchObject({ connected: 2, abandoned: 1 })
})

test('a person who hangs up before anybody could come is neither answered nor abandoned', { timeout: 120_000 }, async () => {
  const url = await start()
  const campaignId = await campaign(url, 5, { mode: 'ratio', callsPerAgent: 2 })
  await desks(url, 1, campaignId)
  await until(() => callsOf(campaignId).length === 2, 'two calls for one agent')
  const [first, second] = callsOf(campaignId) as [DialCommand, DialCommand]
  world.voice.answerAlone(first)
  await until(async () => (await progress(url, campaignId)).pacing?.agents.talking === 1, 'the agent talks')
  world.voice.answerAlone(second)
  world.voice.hangUp(second)
  await until(async () => (await outcomeOf(second)) === 'connected', 'its end')
  expect(await windowOf(campaignId)).toEqual({ live: null, abandoned: null })
})

test('by ratio: so many calls for each idle agent, and one each when abandonment is at the cap', { timeout: 120_000 }, async () => {
  const url = await start()
  const campaignId = await campaign(url, 40, { mode: 'ratio', callsPerAgent: 2.5 })
  await desks(url, 2, campaignId)
  await reasonIs(url, campaignId, 'ratio')
  await until(() => callsOf(campaignId).length === 5, 'five calls for two agents')
  const { campaignId: spent, begin } = await draft(url, 40, { mode: 'ratio', callsPerAgent: 2.5 })
  await world.database.db.sql`insert into dialer.abandonment (campaign_id, hour, dialer_id, live, abandoned) values (${spent}, date_trunc('hour', now(), 'UTC'), uuidv7(), 100, 3)`
  await begin()
  await desks(url, 2, spent)
  await reasonIs(url, spent, 'ratio-at-cap')
  await until(() => callsOf(spent).length === 2, 'one call each')
  expect(callsOf(campaignId)).toHaveLength(5)
})

test('what has rung as long as the law asks is given up when all agents are taken, and is tried again as one that nobody answered', { timeout: 120_000 }, async () => {
  let aheadMs = 0
  const url = await start({}, { now: () => systemClock.now() + aheadMs, monotonic: () => systemClock.monotonic() })
  const { campaignId, begin } = await draft(url, 60, { retry: { maxAttempts: 3, afterMinutes: { 'no-answer': 120 } } })
  await remembered(campaignId, experienced())
  await begin()
  const sellers = await desks(url, 3, campaignId)
  await until(() => callsOf(campaignId).length > 6, 'calls')
  await reasonIs(url, campaignId, 'nobody-free-in-time')
  for (const call of callsOf(campaignId).slice(0, 3)) world.voice.answerAlone(call)
  for (const seller of sellers) await seller.inState('talking')
  expect(world.voice.stoppedRinging).toEqual([])
  aheadMs = 20_000
  await until(() => world.voice.stoppedRinging.length > 0, 'given up')
  const left = callsOf(campaignId).slice(3).find(({ attemptId }) => attemptId === world.voice.stoppedRinging[0])
  await until(async () => (await outcomeOf(present(left))) === 'no-answer', 'its outcome')
  const [entry] = await world.database.db.sql<{ state: string; tries: number }>`select state, tries from dialer.entry where campaign_id = ${campaignId} and customer_id = ${present(left).customerId}`
  expect(entry).toEqual({ state: 'waiting', tries: 1 })
  for (const seller of sellers) expect(await seller.me()).toMatchObject({ state: 'talking' })
})

test('a promised call keeps its agent free', { timeout: 120_000 }, async () => {
  const url = await start()
  const { campaignId, begin } = await draft(url, 20, {})
  await world.database.db.sql`
    insert into dialer.callback (customer_id, id, campaign_id, at, made_by, made_at, made_in, state, not_before)
    select customer_id, uuidv7(), ${campaignId}, now() + interval '5 seconds', uuidv7(), now(), uuidv7(), 'open', now() + interval '5 seconds' from dialer.person limit 1`
  await begin()
  await desks(url, 1, campaignId)
  await reasonIs(url, campaignId, 'kept-for-callbacks')
  expect(callsOf(campaignId)).toEqual([])
  await world.database.db.sql`update dialer.callback set state = 'kept' where campaign_id = ${campaignId}`
  await until(() => callsOf(campaignId).length > 0, 'the agent is free for others again')
})

test('what was learnt survives a restart, and a memory that cannot be used begins anew', { timeout: 120_000 }, async () => {
  const first = await world.startDialer()
  const { campaignId, begin } = await draft(first.url, 80, { wrapUpMs: 0 })
  await begin()
  const [seller] = await desks(first.url, 1, campaignId) as [AgentDesk]
  await until(() => callsOf(campaignId).length > 0, 'a call')
  const [call] = callsOf(campaignId) as [DialCommand]
  world.voice.answerAlone(call)
  await seller.inState('talking')
  world.voice.hangUp(call)
  await until(async () => (await outcomeOf(call)) === 'connected', 'its end')
  await seller.is(({ state }) => state === 'ready' || state === 'wrap-up', 'the talk is over')
  await first.stop()
  const stored = async (): Promise<{ ring: { answered: unknown } } & PacingMemory> => present((await world.database.db.sql<{ memory: never }>`select memory from dialer.pacing_memory where campaign_id = ${campaignId}`)[0]).memory
  const memory = await stored()
  expect(memory.busy.talk).not.toEqual(newPacingMemory({ ringTimeoutMs: 62_000 }).busy.talk)
  const second = await world.startDialer()
  await reasonOf(second.url, campaignId)
  await second.stop()
  expect((await stored()).busy.talk).toEqual(memory.busy.talk)
  await world.database.db.sql`update dialer.pacing_memory set memory = '{"version":1,"ring":{}}' where campaign_id = ${campaignId}`
  const third = await start()
  await reasonOf(third, campaignId)
  await world.ask(third, 'POST', `/campaigns/${campaignId}/stop`, {})
})
const reasonOf = (url: string, campaignId: string): Promise<unknown> => until(async () => (await progress(url, campaignId)).pacing?.reason, 'a decision')

test('two dialers never count one agent both', { timeout: 120_000 }, async () => {
  const [one] = await Promise.all([start(), start()])
  await until(async () => (await world.database.db.sql<{ owners: number }>`select count(distinct dialer_id) as owners from dialer.slot s where dialer_id in (select dialer_id from dialer.instance where seen_at > now() - interval '2 seconds')`)[0]?.owners === 2, 'both own slots', 30_000)
  // With nothing to lose, exactly one call for each idle agent is placed.
  const campaignId = await campaign(one, 200, { abandonCap: 0 })
  const sellers = await desks(one, 12, campaignId)
  await until(() => callsOf(campaignId).length >= 12, 'a call for each', 60_000)
  await reasonOf(one, campaignId)
  expect(callsOf(campaignId)).toHaveLength(12)
  const dialers = await world.database.db.sql`select distinct dialer_id from dialer.attempt where campaign_id = ${campaignId}`
  expect(dialers).toHaveLength(2)
  // Answered together, each finds somebody, whichever process called.
  for (const call of callsOf(campaignId)) world.voice.answerAlone(call)
  for (const seller of sellers) await seller.inState('talking')
  expect(callsOf(campaignId)).toHaveLength(12)
})

test('who answers a call of a dead dialer is given to whoever is free all the same', { timeout: 120_000 }, async () => {
  const doomed = await world.forkDialer()
  const { campaignId, begin } = await draft(doomed.url, 4, { mode: 'ratio', callsPerAgent: 2 })
  const seller = new AgentDesk(world, doomed.url)
  await seller.begin(campaignId)
  await begin()
  await until(() => callsOf(campaignId).length === 2, 'two calls')
  doomed.child.kill('SIGKILL')
  await doomed.gone
  seller.url = await start()
  await until(async () => (await progress(seller.url, campaignId)).pacing?.ringing === 2, 'the successor counts what rings', 60_000)
  expect(callsOf(campaignId)).toHaveLength(2)
  const [call] = callsOf(campaignId) as [DialCommand]
  world.voice.answerAlone(call)
  expect((await seller.inState('talking')).call).toMatchObject({ attemptId: call.attemptId, campaignId })
  world.voice.hangUp(call)
  expect(Date.parse(present((await seller.inState('wrap-up')).wrapUpUntil))).toBeGreaterThan(Date.now())
})

for (const point of ['after-attempt-commit', 'after-answer', 'before-outcome-commit'] satisfies CallCrashPoint[]) {
  test(`a dialer killed at ${point} calls nobody twice, loses no outcome and counts each answer once`, { timeout: 120_000 }, async () => {
    const doomed = await world.forkDialer({ CRASH_AT: point })
    const { campaignId, begin } = await draft(doomed.url, 12, { mode: 'ratio', callsPerAgent: 2, wrapUpMs: 0, retry: { maxAttempts: 1, afterMinutes: {} } })
    const said = new Set<string>()
    const pick = (): void => {
      for (const call of callsOf(campaignId)) {
        if (said.has(call.attemptId)) continue
        said.add(call.attemptId)
        world.voice.answerAlone(call)
      }
    }
    const sellers = Array.from({ length: 3 }, () => new AgentDesk(world, doomed.url))
    for (const seller of sellers) await seller.begin(campaignId)
    await begin().catch(() => undefined)
    const ender = setInterval(pick, 20)
    const talks = setInterval(() => { for (const call of callsOf(campaignId)) if (connected(call)) world.voice.hangUp(call) }, 100)
    await doomed.gone
    const url = await start()
    for (const seller of sellers) seller.url = url
    // Whoever was left without a dialer hears the fallback, as voice does by itself.
    const alone = setInterval(() => { for (const call of callsOf(campaignId)) if (said.has(call.attemptId) && !connected(call)) { world.voice.fallBack(call); world.voice.hangUp(call) } }, 3_000)
    try {
      await until(async () => {
        const rows = await world.database.db.sql<{ outcome: string | null; count: number }>`select outcome, count(*)::integer as count from dialer.attempt where campaign_id = ${campaignId} group by outcome`
        const of = (outcome: string | null): number => rows.find((row) => row.outcome === outcome)?.count ?? 0
        return of(null) === 0 && of('connected') + of('abandoned') === 12
      }, 'everybody was called, and it is known with what', 90_000)
    } finally {
      for (const timer of [ender, talks, alone]) clearInterval(timer)
    }
    expect(new Set(callsOf(campaignId).map((call) => call.customerId)).size).toBe(12)
    expect(callsOf(campaignId)).toHaveLength(12)
    const [book] = await world.database.db.sql<{ live: number; abandoned: number }>`
      select count(*) filter (where outcome = 'abandoned' or agent_id is not null)::integer as live, count(*) filter (where outcome = 'abandoned')::integer as abandoned from dialer.attempt where campaign_id = ${campaignId} and outcome in ('connected', 'abandoned')`
    expect(await windowOf(campaignId)).toEqual(book)
  })
}
const connected = ({ attemptId }: DialCommand): boolean => world.voice.orders.some((order) => order.order === 'connect' && order.attemptId === attemptId)
