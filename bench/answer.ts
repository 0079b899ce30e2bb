/**
 * bench:answer — how long a person who answers waits for the seller, and the seller for the person, while other calls are
 * in progress. **Wire**: at sockets of raw peers, a carrier that speaks RTP from the instant of its 200, and desk telephones.
 * **Ear**: in Chromium, at the first sample in the page that is no silence.
 *
 *   npm run bench:answer -- [--answers 200] [--background 50] [--agents 10] [--ears 25] [--customers 2000] [--realtime]
 */
import { execFileSync } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { eventually } from '@loopline/interop/product'
import { freePort } from './free-port.ts'
import { measureEar } from './answer-ear.ts'
import { campaignOver } from './answer-campaign.ts'
import { readArguments } from './arguments.ts'
import { DeskAgent, keysOf, tellDeskPhones } from './desk-agents.ts'
import { startBench, type Bench } from './installation.ts'
import { measureLoad, printJson } from './machine.ts'
import { shareBelow } from './percentile.ts'
import { SipSocket, type TakenCall } from './sip-socket.ts'
import { Talkers } from './talkers.ts'
import { UdpSpeaker } from './udp-speaker.ts'

const wanted = readArguments(process.argv.slice(2), { answers: 200, background: 50, agents: 10, ears: 25, customers: 2_000, realtime: false })

/** Bytes of customers, each call another, below A-law's silence (0x55, 0xd5) and those of agents. */
const CUSTOMER_BYTES = 0x50
const AGENT_BYTE = 0x80
/** Long enough that both voices have arrived; the measured call is then ended by the carrier. */
const TALK_MS = 600
/** As much of a ring as keeps the answers of several calls from falling into step. */
const RING_MS = { least: 40, more: 120 }
const NOBODY_HEARD_MS = 5_000

/** What the two ends of one answered call saw; ms after the 200 was handed to the socket. */
interface Answer {
  customerHeardAfterMs: number
  agentHeardAfterMs: number
}

const sipPort = await freePort()
/** How late this process itself was woken: what it measures cannot be more exact. */
const lateness = monitorEventLoopDelay({ resolution: 5 })
const bench = await startBench(wanted.customers, {
  AGENT_SIP_LISTEN: `127.0.0.1:${sipPort}`, MEDIA_CALLS: '250', MEDIA_DESK_PHONES: String(wanted.background + wanted.agents + 10),
})
const closers: (() => unknown)[] = []
try {
  const talkers = await Talkers.open(wanted.background * 2)
  closers.push(() => talkers.close())
  const keys = keysOf(bench.product)
  const speakers = await Promise.all(Array.from({ length: wanted.agents }, () => UdpSpeaker.open()))
  const measured = speakers.map((speaker, index) => new DeskAgent(bench.product, keys, index, { port: speaker.port, speak: (to) => speaker.speak(AGENT_BYTE + index, to) }))
  const others = Array.from({ length: wanted.background }, (_, index) => {
    const port = talkers.take()
    return new DeskAgent(bench.product, keys, 1_000 + index, { port, speak: (to) => talkers.speak(port, to) })
  })
  closers.push(await tellDeskPhones(bench.product, keys, [...measured, ...others]))
  for (const agent of [...measured, ...others]) {
    await agent.register({ address: '127.0.0.1', port: sipPort })
    closers.push(() => agent.close())
  }
  await holdBackground(bench, talkers, others)
  console.log(`${wanted.background} calls are in progress`)

  if (wanted.realtime) for (const pid of [bench.product.pidOf('voice'), process.pid]) execFileSync('chrt', ['-a', '-r', '-p', '10', String(pid)])
  const endLoad = measureLoad(() => bench.groups([process.pid]))
  const heardBefore = await talkers.heard()
  const startedAt = performance.now()
  lateness.enable()
  const answers = await measureWire(bench, measured, speakers)
  const backgroundPerSecond = ((await talkers.heard()) - heardBefore) / ((performance.now() - startedAt) / 1_000)
  lateness.disable()
  const load = endLoad()
  const ear = wanted.ears > 0 ? await measureEar(bench, wanted.ears) : null
  const figures = {
    calls: answers.length,
    ...percentiles('wire', answers.map(({ agentHeardAfterMs }) => agentHeardAfterMs)), ...percentiles('wireBack', answers.map(({ customerHeardAfterMs }) => customerHeardAfterMs)),
    backgroundPacketsPerSecond: round(backgroundPerSecond), ownLateP99Ms: round(lateness.percentile(99) / 1e6), realtime: wanted.realtime,
    ...(ear === null ? {} : { ears: ear.afterMs.length, ...percentiles('ear', ear.afterMs), earForeignLoad: round(ear.load.foreignLoad) }),
    foreignLoad: round(load.foreignLoad), steal: round(load.steal),
  }
  console.log('processor seconds by process', load.cpuSeconds)
  console.table(figures)
  printJson({ bench: 'answer', ...figures })
} catch (error) {
  console.error(error)
  console.error(bench.product.output().split('\n').slice(-40).join('\n'))
  process.exitCode = 1
} finally {
  for (const close of closers.toReversed()) await close()
  await bench.drop()
}
process.exit()

/** Calls that last as long as the bench, each with two people who talk all the time. */
async function holdBackground(bench: Bench, talkers: Talkers, agents: readonly DeskAgent[]): Promise<void> {
  const carrier = await SipSocket.open({
    onCall(call) {
      const port = talkers.take()
      call.answer(port)
      talkers.speak(port, call.target)
    },
  })
  closers.push(() => carrier.close())
  const campaignId = await campaignOver(bench, carrier, ['A'])
  for (const agent of agents) await agent.begin([campaignId])
  await bench.admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  await eventually('the background talks', () => Promise.all(agents.map((agent) => agent.me())), (views) => views.every(({ state }) => state === 'talking'), 120_000)
}

async function measureWire(bench: Bench, agents: readonly DeskAgent[], ears: readonly UdpSpeaker[]): Promise<Answer[]> {
  const answers: Answer[] = []
  const done = Promise.withResolvers<void>()
  const spare: UdpSpeaker[] = []
  /** By the customer's byte: the instant at which an agent's telephone heard it. */
  const heardByAgent = new Map<number, (at: number) => void>()
  for (const ear of ears) ear.onHeard = (byte, at) => heardByAgent.get(byte)?.(at)
  let calls = 0
  const answered = async (call: TakenCall): Promise<void> => {
    const byte = 1 + (calls++ % CUSTOMER_BYTES)
    const customer = spare.pop() ?? (await UdpSpeaker.open())
    call.ring()
    await passed(RING_MS.least + Math.random() * RING_MS.more)
    const agentHears = new Promise<number>((resolve) => heardByAgent.set(byte, resolve))
    const customerHears = new Promise<number>((resolve) => { customer.onHeard = (heard, at) => { if (heard >= AGENT_BYTE && heard < AGENT_BYTE + wanted.agents) resolve(at) } })
    const answeredAt = performance.now()
    call.answer(customer.port)
    customer.speak(byte, call.target)
    const [agentAt, customerAt] = await within(Promise.all([agentHears, customerHears]), NOBODY_HEARD_MS)
    answers.push({ agentHeardAfterMs: agentAt - answeredAt, customerHeardAfterMs: customerAt - answeredAt })
    if (answers.length >= wanted.answers) done.resolve()
    await passed(TALK_MS)
    heardByAgent.delete(byte)
    customer.hush()
    call.hangUp()
    await call.ended
    customer.onHeard = () => undefined
    spare.push(customer)
  }
  const carrier = await SipSocket.open({ onCall: (call) => { answered(call).catch(done.reject) } })
  closers.push(() => carrier.close())
  const campaignId = await campaignOver(bench, carrier, ['B', 'C'])
  for (const agent of agents) await agent.begin([campaignId])
  await bench.admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  await done.promise
  await bench.admin.post(`/api/dialer/campaigns/${campaignId}/stop`, {})
  return answers
}

/** The length of a ring or of a talk: what is measured lies between. */
function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

async function within<T>(wish: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`the two did not hear each other within ${ms} ms`)), ms)
  return Promise.race([wish, late.promise]).finally(() => clearTimeout(timer))
}

function percentiles<Name extends string>(name: Name, values: readonly number[]): Record<string, number> {
  return { [`${name}P50Ms`]: round(shareBelow(0.5, values)), [`${name}P99Ms`]: round(shareBelow(0.99, values)), [`${name}MaxMs`]: round(Math.max(...values)) }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
