/**
 * soak — a whole product with many calls in progress for a long time: agents at registered desk telephones with standing
 * legs, customers behind a carrier, both with voice all the time. People hang up on either side, hold, are busy, let it
 * ring, lose their power. Judged: memory of each process (slope after the warm-up), agents stuck in a state, recordings in
 * the store, outcomes against what the carrier saw, descriptors and media ports.
 *
 *   npm run soak -- [--seconds 600] [--calls 100] [--talk 60] [--seed 1]
 */
import type { AgentState } from '@loopline/contracts/agent'
import { seededRandom } from '@loopline/interop/faults/seeded-random'
import { eventually } from '@loopline/interop/product'
import { campaignOver } from './answer-campaign.ts'
import { readArguments } from './arguments.ts'
import { DeskAgent, keysOf, tellDeskPhones } from './desk-agents.ts'
import { freePort } from './free-port.ts'
import { startBench, type Bench } from './installation.ts'
import { measureLoad, printJson } from './machine.ts'
import { metricOf, ProcessWatch, WATCHED, type Movement } from './process-watch.ts'
import { meanOf } from './slope.ts'
import { AGENT_BYTE, Shift } from './soak-agents.ts'
import { CUSTOMER_BYTE, Customers, OUTCOME_OF } from './soak-customers.ts'
import { lookAtRecordings } from './stored-recordings.ts'
import { Talkers } from './talkers.ts'

const wanted = readArguments(process.argv.slice(2), { seconds: 600, calls: 100, talk: 60, seed: 1 })

/** Somebody of them is always between two calls. */
const AGENTS_PER_CALL = 1.12
const RING_MS = 15_000
const NOTES_MS = 5_000
/** How long a line is silent until its call is over. */
const SILENCE_MS = 6_000
const TALK_MS = wanted.talk * 1_000
/** A heap takes its size from the first minutes of work; a leak goes on. */
const WARM_UP_MS = wanted.seconds * 500
const SAMPLE_MS = Math.max(1_000, Math.min(20_000, wanted.seconds * 50))
/** What a busy machine adds to any wait of the product's. */
const SLACK_MS = 5_000
const STATE_LIMITS: Partial<Record<AgentState, number>> = {
  reserved: SLACK_MS, ringing: RING_MS + SLACK_MS, talking: 1.5 * TALK_MS + SILENCE_MS + SLACK_MS, 'on-hold': 3_000 + SILENCE_MS + SLACK_MS, 'wrap-up': NOTES_MS + SLACK_MS,
  // The list is never empty: whoever waits longer was forgotten.
  ready: 3 * SLACK_MS,
}
/**
 * Memory is judged where there was time enough to see a slope. This much in ten minutes and 1,500 calls is called flat: a heap
 * that kept 4 kB of each call would grow by more. Resident memory also holds what the allocator has not given back.
 */
const JUDGED_FROM_S = 300
const GROWN_MB_MAX = { heap: 5, rss: 15 }
/** Sockets of databases and pages come and go; a leak of calls would be hundreds. */
const DESCRIPTORS_SLACK = 10

const agentsCount = Math.ceil(wanted.calls * AGENTS_PER_CALL)
const sipPort = await freePort()
const bench = await startBench(2_000 + Math.ceil((agentsCount * wanted.seconds * 2.5) / wanted.talk) * 4, {
  AGENT_SIP_LISTEN: `127.0.0.1:${sipPort}`, MEDIA_CALLS: String(Math.ceil(agentsCount * 1.2) + 10), MEDIA_DESK_PHONES: String(agentsCount + 5), MEDIA_SILENCE_MAX_MS: String(SILENCE_MS), ...WATCHED,
})
const closers: (() => unknown)[] = []
try {
  const random = seededRandom(wanted.seed)
  const keys = keysOf(bench.product)
  const talkers = await Talkers.open(2 * agentsCount + 20)
  closers.push(() => talkers.close())
  const agents = Array.from({ length: agentsCount }, (_, index) => {
    const port = talkers.take()
    return new DeskAgent(bench.product, keys, index, { port, speak: (to) => talkers.speak(port, to, AGENT_BYTE) })
  })
  closers.push(await tellDeskPhones(bench.product, keys, agents))
  for (const agent of agents) {
    await agent.register({ address: '127.0.0.1', port: sipPort })
    closers.push(() => agent.close())
  }
  const customers = await Customers.open({ talkers, random, talkMs: TALK_MS })
  closers.push(() => customers.close())
  const campaignId = await campaignOver(bench, customers.carrier, ['A', 'B', 'C', 'D'], { ringTimeMs: RING_MS, wrapUpMs: NOTES_MS })
  for (const agent of agents) await agent.begin([campaignId])
  console.log(`${agentsCount} agents have their standing legs`)

  const portsFree = await portsOf(bench)
  const watch = await ProcessWatch.open(bench.product)
  closers.push(() => watch.close())
  await watch.sample()
  const shift = new Shift({ admin: bench.admin, agents, random, talkMs: TALK_MS, limits: STATE_LIMITS })
  shift.start()
  watch.start(SAMPLE_MS)
  const endLoad = measureLoad(() => bench.groups([process.pid]))
  await bench.admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  const inProgress = await soak(shift)
  await watch.stop()
  const load = endLoad()
  const voiceCpu = load.cpuSeconds['voice'] ?? 0
  await bench.admin.post(`/api/dialer/campaigns/${campaignId}/pause`, {})
  shift.drain()
  await customers.hangUp()
  await eventually('every attempt has its outcome', () => countOf(bench, campaignId, 'open'), (open) => open === 0, 60_000)
  await eventually('the timelines have them too', () => countOf(bench, campaignId, 'not on a timeline'), (lag) => lag === 0, 60_000)
  await eventually('every recording has its end', () => countOf(bench, campaignId, 'recording'), (going) => going === 0, 60_000)
  await eventually('nobody is on a call', () => shift.views(), (views) => views.length === agentsCount && views.every(({ call, leg }) => call === null && leg === 'up'), 60_000)
  await shift.end()
  const portsBack = await eventually('every media port is back', () => portsOf(bench), (free) => free === portsFree, 30_000).catch(() => portsOf(bench))
  await watch.sample()

  const movements = watch.movements(WARM_UP_MS)
  const recordings = await lookAtRecordings(bench.product, bench.db, keys, { campaignId, sounds: { customer: CUSTOMER_BYTE, agent: AGENT_BYTE } })
  const outcomes = await judgeOutcomes(bench, customers)
  const times = await longestTimes(bench)
  const isMemoryJudged = wanted.seconds >= JUDGED_FROM_S
  const faults = [
    ...(isMemoryJudged ? movements.flatMap(grown) : []),
    // PostgreSQL opens files of tables as it comes to them, in each of its processes, and closes them when it has too many.
    ...movements.filter(({ process: name, descriptorsGrown }) => name !== 'postgres' && descriptorsGrown > DESCRIPTORS_SLACK).map(({ process: name, descriptorsGrown }) => `${name} holds ${descriptorsGrown} descriptors more than before`),
    ...(portsBack === portsFree ? [] : [`${portsFree - portsBack} media ports did not come back`]),
    ...[...shift.stuck.values()].map(({ agentId, state, forMs }) => `${agentId} was ${state} for ${forMs} ms`),
    ...times.filter(({ state, longestMs }) => longestMs > (STATE_LIMITS[state] ?? Infinity)).map(({ state, longestMs }) => `somebody was ${state} for ${Math.round(longestMs)} ms`),
    ...outcomes.faults, ...recordings.faults, ...shift.failures.map((failure) => `an agent's act failed: ${failure}`),
  ]
  console.table(movements.map((movement) => ({ ...rounded(movement), rssByMinute: movement.rssByMinute.join(' ') })))
  console.table(times.map(({ state, longestMs, times: count }) => ({ state, times: count, longestMs: Math.round(longestMs), limitMs: STATE_LIMITS[state] ?? null })))
  console.log('processor seconds by process', load.cpuSeconds)
  if (faults.length > 0) console.log(faults.slice(0, 40).join('\n'))
  const figures = {
    seconds: wanted.seconds, calls: wanted.calls, agents: agentsCount, inProgressMean: round(meanOf(inProgress)), inProgressMin: Math.min(...inProgress), placed: customers.carried.length,
    talks: recordings.talks, vanished: customers.carried.filter(({ fate, answered }) => fate === 'vanishes' && answered).length, lostOutcomes: outcomes.lost, wrongOutcomes: outcomes.wrong, stuckAgents: shift.stuck.size, pushedToRest: shift.pushedToRest,
    acts: shift.acts, actsTooLate: shift.tooLate, recordings: recordings.talks, recordingsComplete: recordings.complete, recordedSeconds: Math.round(recordings.seconds), chunks: recordings.chunks,
    customerHeard: round(recordings.customerHeard), agentHeard: round(recordings.agentHeard), mediaPortsLost: portsFree - portsBack, descriptorsGrown: Math.max(...movements.map(({ descriptorsGrown }) => descriptorsGrown)),
    rssSlopeMaxMbPerMin: round(Math.max(...movements.map(({ rssSlope }) => rssSlope))), heapSlopeMaxMbPerMin: round(Math.max(...movements.map(({ heapSlope }) => heapSlope ?? 0))), memoryJudged: isMemoryJudged, voiceCores: round(voiceCpu / load.wallSeconds),
    faults: faults.length, foreignLoad: round(load.foreignLoad), steal: round(load.steal),
  }
  console.table(figures)
  printJson({ bench: 'soak', ...figures, processes: movements.map(rounded) })
  if (faults.length > 0) process.exitCode = 1
} catch (error) {
  console.error(error)
  console.error(bench.product.output().split('\n').slice(-40).join('\n'))
  process.exitCode = 1
} finally {
  for (const close of closers.toReversed()) await close()
  await bench.drop()
}
process.exit()

/** The soak itself. Talks in progress, looked at each second after the warm-up. */
async function soak(shift: Shift): Promise<number[]> {
  const inProgress: number[] = []
  const startedAt = performance.now()
  for (let said = 0; performance.now() - startedAt < wanted.seconds * 1_000; ) {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const passed = performance.now() - startedAt
    if (passed >= WARM_UP_MS) inProgress.push(shift.talking)
    if (Math.floor(passed / 60_000) > said) console.log(`${(said += 1)} min: ${shift.talking} talks in progress, ${shift.stuck.size} agents stuck, ${shift.failures.length} failures`)
  }
  return inProgress
}

async function portsOf({ product }: Bench): Promise<number> {
  return (await metricOf(product, 'voice', 'loopline_voice_media_ports_free')) ?? 0
}

function grown({ process: name, rssMb, rssSlope, heapMb, heapSlope }: Movement): string[] {
  const told = (what: string, slope: number, mean: number): string => `${name}'s ${what} grows by ${round(slope)} MB a minute from ${Math.round(mean)} MB`
  return [
    ...(rssSlope * 10 > GROWN_MB_MAX.rss ? [told('memory', rssSlope, rssMb)] : []),
    ...(heapSlope !== null && heapMb !== null && heapSlope * 10 > GROWN_MB_MAX.heap ? [told('heap', heapSlope, heapMb)] : []),
  ]
}

async function countOf({ db }: Bench, campaignId: string, what: 'open' | 'not on a timeline' | 'recording'): Promise<number> {
  const [row] = what === 'open' ? await db.sql<{ count: number }>`select count(*)::int as count from dialer.attempt where campaign_id = ${campaignId} and ended_at is null`
    : what === 'recording' ? await db.sql<{ count: number }>`select count(*)::int as count from dialer.recording where state = 'recording'`
      : await db.sql<{ count: number }>`
          select count(*)::int as count from dialer.attempt a
           where a.campaign_id = ${campaignId} and a.ended_at is not null
             and not exists (select from crm.timeline t where t.customer_id = a.customer_id and t.id = a.id and t.kind = 'call')`
  return row?.count ?? 0
}

/** What the carrier saw against what was written down, both ways. */
async function judgeOutcomes({ db }: Bench, { carried }: Customers): Promise<{ lost: number; wrong: number; faults: string[] }> {
  const rows = await db.sql<{ attemptId: string; outcome: string | null; reason: string | null }>`
    select id as "attemptId", outcome, outcome_reason as reason from dialer.attempt where id = any(${carried.map(({ attemptId }) => attemptId)}::uuid[])`
  const told = new Map(rows.map((row) => [row.attemptId, row]))
  const lost = carried.filter(({ attemptId }) => (told.get(attemptId)?.outcome ?? null) === null)
  const wrong = carried.filter(({ attemptId, fate }) => {
    const outcome = told.get(attemptId)?.outcome
    return typeof outcome === 'string' && outcome !== OUTCOME_OF[fate]
  })
  const twice = carried.length - new Set(carried.map(({ attemptId }) => attemptId)).size
  return {
    lost: lost.length, wrong: wrong.length,
    faults: [
      ...lost.map(({ attemptId, fate }) => `${attemptId}, who ${fate}, has no outcome`),
      ...wrong.map(({ attemptId, fate, answered }) => `${attemptId}, who ${fate} (answered: ${String(answered)}), is ${told.get(attemptId)?.outcome} (${told.get(attemptId)?.reason})`),
      ...(twice > 0 ? [`${twice} attempts were on the wire twice`] : []),
    ],
  }
}

/** The longest that anybody was in each state, by the product's own account of time. */
function longestTimes({ db }: Bench): Promise<{ state: AgentState; times: number; longestMs: number }[]> {
  return db.sql<{ state: AgentState; times: number; longestMs: number }>`
    select state, count(*)::int as times, (extract(epoch from max(to_at - from_at)) * 1000)::float8 as "longestMs" from dialer.agent_time
     where campaign_id is not null or (state = 'ready' and from_at > (select min(answered_at) from dialer.attempt)) group by state order by state`
}

function rounded(movement: Movement): Movement {
  return Object.fromEntries(Object.entries(movement).map(([name, value]: [string, unknown]) => [name, typeof value === 'number' ? round(value) : value])) as unknown as Movement
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
