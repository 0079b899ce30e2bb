/**
 * bench:campaign — a predictive campaign on real SIP: agents at registered desk telephones with standing legs, customers behind a carrier
 * of whom some three in ten answer, after seconds of ringing, and talk as long as people do (lognormal). It begins from nothing:
 * no answer rate, no length of a talk is known.
 *
 * Judged: abandonment inside its budget, counted as the law counts it; and the product's own account of it against the attempts.
 *
 *   npm run bench:campaign -- [--seconds 600] [--agents 50] [--talk 45] [--answer 0.3] [--cap 3] [--mode predictive] [--seed 1]
 */
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import { signIdentity } from '@loopline/http/identity-token'
import { seededRandom } from '@loopline/interop/faults/seeded-random'
import { eventually } from '@loopline/interop/product'
import { campaignOver } from './answer-campaign.ts'
import { readArguments } from './arguments.ts'
import { Crew } from './campaign-crew.ts'
import { answersOf, utilisationOf } from './campaign-figures.ts'
import { DeskAgent, keysOf, tellDeskPhones } from './desk-agents.ts'
import { freePort } from './free-port.ts'
import { startBench } from './installation.ts'
import { measureLoad, printJson } from './machine.ts'
import { AGENT_BYTE } from './soak-agents.ts'
import { Customers } from './soak-customers.ts'
import { Talkers } from './talkers.ts'

const wanted = readArguments(process.argv.slice(2), { seconds: 600, agents: 50, talk: 45, notes: 8, answer: 0.3, cap: 3, mode: 'predictive', seed: 1 })

const RING_TIME_MS = 25_000
/** Of those who do not answer, so many are busy. */
const BUSY_SHARE = 0.2
/** Spread of the logarithm: talks of half and of double the median are both usual. */
const SPREAD = { talk: 0.6, notes: 0.4, ring: 0.45 }
const RING_MEAN_MS = 8_000
const TOLD_EVERY_MS = 10_000
/** Customers made for each call that may be placed: of the demo's people one in four or five may be recorded without being asked. */
const CUSTOMERS_PER_CALL = 5

const callsMax = Math.ceil((wanted.agents * wanted.seconds) / ((wanted.talk + wanted.notes) * wanted.answer))
const sipPort = await freePort()
const bench = await startBench(2_000 + callsMax * CUSTOMERS_PER_CALL, {
  AGENT_SIP_LISTEN: `127.0.0.1:${sipPort}`, MEDIA_CALLS: String(wanted.agents * 8 + 50), MEDIA_DESK_PHONES: String(wanted.agents + 5), MEDIA_SILENCE_MAX_MS: '60000',
})
const closers: (() => unknown)[] = []
try {
  const random = seededRandom(wanted.seed)
  const lognormal = (meanMs: number, spread: number): number => meanMs * Math.exp(spread * gauss(random) - (spread * spread) / 2)
  const keys = keysOf(bench.product)
  const talkers = await Talkers.open(3 * wanted.agents + 20)
  closers.push(() => talkers.close())
  const agents = Array.from({ length: wanted.agents }, (_, index) => {
    const port = talkers.take()
    return new DeskAgent(bench.product, keys, index, { port, speak: (to) => talkers.speak(port, to, AGENT_BYTE) })
  })
  closers.push(await tellDeskPhones(bench.product, keys, agents))
  for (const agent of agents) {
    await agent.register({ address: '127.0.0.1', port: sipPort })
    closers.push(() => agent.close())
  }
  const busy = (1 - wanted.answer) * BUSY_SHARE
  const customers = await Customers.open({
    talkers, random, talkMs: () => lognormal(wanted.talk * 1_000, SPREAD.talk), ringMs: () => Math.min(RING_TIME_MS - 1_000, lognormal(RING_MEAN_MS, SPREAD.ring)),
    shares: [['answers', wanted.answer], ['is busy', busy], ['does not answer', 1 - wanted.answer - busy]],
  })
  closers.push(() => customers.close())
  const campaignId = await campaignOver(bench, customers.carrier, ['A', 'B', 'C', 'D'], {
    mode: wanted.mode, abandonCap: wanted.cap / 100, ringTimeMs: RING_TIME_MS, wrapUpMs: 60_000, ratePerSecond: 30, maxConcurrent: wanted.agents * 8,
  })
  const crew = new Crew({ admin: bench.admin, agents, notesMs: () => lognormal(wanted.notes * 1_000, SPREAD.notes) })
  for (const agent of agents) await agent.begin([campaignId])
  crew.start()
  console.log(`${agents.length} agents have their standing legs`)
  const stats = async (): Promise<Stats> => {
    const token = await signIdentity(keys.signingKey('identity'), { sub: 'service:bench', role: 'service', name: 'bench', teamId: null })
    const response = await fetch(`${String(bench.product.told('dialer')['dialer'])}/internal/stats`, { headers: { authorization: `Bearer ${token}` } })
    return (await response.json()) as Stats
  }
  const progress = (): Promise<CampaignProgress> => bench.admin.get<CampaignProgress>(`/api/dialer/campaigns/${campaignId}/progress`)

  const endLoad = measureLoad(() => bench.groups([process.pid]))
  await bench.admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  await eventually('the first call', () => Promise.resolve(customers.carried.length), (calls) => calls > 0, 60_000)
  const from = new Date()
  for (const until = performance.now() + wanted.seconds * 1_000; performance.now() < until; ) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(TOLD_EVERY_MS, until - performance.now())))
    tell((performance.now() - until) / 1_000 + wanted.seconds, await progress())
  }
  const to = new Date()
  const load = endLoad()
  const { pacing: decisions, givenUp } = await stats()
  const utilisation = await utilisationOf(bench.db, { from, to })
  const secondHalf = await utilisationOf(bench.db, { from: new Date((from.getTime() + to.getTime()) / 2), to })
  await bench.admin.post(`/api/dialer/campaigns/${campaignId}/stop`, {})
  await customers.hangUp()
  await eventually('every attempt has its outcome', async () => (await bench.db.sql<{ open: number }>`select count(*)::int as open from dialer.attempt where campaign_id = ${campaignId} and ended_at is null`)[0]?.open, (open) => open === 0, 60_000)
  await crew.end()

  const answers = await answersOf(bench.db, { campaignId, from, to }, givenUp)
  const [book] = await bench.db.sql<{ live: number; abandoned: number; counted: number; left: number }>`
    select (select sum(live)::int from dialer.abandonment where campaign_id = ${campaignId}) as live, (select sum(abandoned)::int from dialer.abandonment where campaign_id = ${campaignId}) as abandoned,
           (select count(*)::int from dialer.attempt where campaign_id = ${campaignId} and (outcome = 'abandoned' or (outcome = 'connected' and connected_at is not null))) as counted,
           (select count(*)::int from dialer.attempt where campaign_id = ${campaignId} and outcome = 'abandoned') as left`
  const cap = wanted.cap / 100
  // The law counts over weeks; a cold start of minutes may lose one call before a percentage means anything.
  const isInside = answers.abandoned <= Math.max(1, cap * answers.answered)
  const faults = [
    ...(isInside ? [] : [`${answers.abandoned} of ${answers.answered} were abandoned, more than ${wanted.cap} %`]),
    ...(book?.live === book?.counted && book?.abandoned === book?.left ? [] : [`the book says ${book?.abandoned} of ${book?.live}, the attempts ${book?.left} of ${book?.counted}`]),
    ...crew.failures.slice(0, 20).map((failure) => `an agent's act failed: ${failure}`),
  ]
  if (faults.length > 0) console.log(faults.join('\n'))
  const figures = {
    mode: wanted.mode, seconds: wanted.seconds, agents: wanted.agents, cap, calls: answers.calls, answered: answers.answered, answerRate: round(answers.answered / Math.max(1, answers.calls)),
    utilisation: round(utilisation.talking + utilisation.wrapUp), talking: round(utilisation.talking), wrapUp: round(utilisation.wrapUp), idle: round(utilisation.idle), utilisationSecondHalf: round(secondHalf.talking + secondHalf.wrapUp),
    // As bench:pacing counts it: wrap-up is neither work nor waiting.
    talkOfTalkAndIdle: round(utilisation.talking / (utilisation.talking + utilisation.idle || 1)), talkOfTalkAndIdleSecondHalf: round(secondHalf.talking / (secondHalf.talking + secondHalf.idle || 1)),
    abandoned: answers.abandoned, abandonment: round(answers.abandoned / Math.max(1, answers.answered)), insideBudget: isInside,
    worstMinuteAbandoned: answers.worstMinute.abandoned, worstMinuteAnswered: answers.worstMinute.answered, worstMinute: round(answers.worstMinute.share), givenUp: answers.givenUp,
    connectP50Ms: answers.connectP50Ms, connectP99Ms: answers.connectP99Ms, decisionP50Ms: decisions.p50Ms, decisionP99Ms: decisions.p99Ms, decisionMaxMs: decisions.maxMs,
    dialerCores: round((load.cpuSeconds['dialer'] ?? 0) / load.wallSeconds), faults: faults.length, foreignLoad: round(load.foreignLoad), steal: round(load.steal),
  }
  console.table(figures)
  printJson({ bench: 'campaign', ...figures })
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

interface Stats {
  pacing: { p50Ms: number; p99Ms: number; maxMs: number }
  givenUp: number
}

function tell(second: number, { pacing, attempts }: CampaignProgress): void {
  if (!pacing) return
  const { agents, budget, ringing, expectedAnswers, reason } = pacing
  console.log(`${String(Math.round(second)).padStart(4)} s: ${attempts} calls, ${ringing} ringing (${expectedAnswers ?? '–'} to answer), idle ${agents.idle}, talking ${agents.talking}, wrap-up ${agents.wrapUp}, abandoned ${budget.abandoned} of ${budget.live}; ${reason?.kind ?? '–'}`)
}

/** Standard normal, by Box and Muller. */
function gauss(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
