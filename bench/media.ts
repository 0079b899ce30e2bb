/**
 * bench:media — what a packet of voice costs and how long it is held up: our media thread and rtpengine (in userspace) in
 * turns, between legs that sipp speaks. A second rtpengine stands before both ends of every call: it gives each leg a port of
 * its own, reads what comes (sipp does not) and speaks SRTP on the called side. Without it what the relay sends ends in a full
 * buffer, which is cheaper than a reader: 10.1 µs instead of 11.5 with only one side read. Processor time is the kernel's word for the relay's process, packets are the kernel's count.
 *
 *   npm run bench:media -- [--calls 50,100,300] [--seconds 10] [--rounds 2] [--only loopline] [--srtp no|yes] [--recording no|yes]
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { createSocket, type Socket } from 'node:dgram'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readArguments } from './arguments.ts'
import { DelayProbe, percentile, type Delays } from './delay-probe.ts'
import { cpuSecondsOf, measureLoad, printJson } from './machine.ts'
import { answerSpread, startGenerator } from './rtp-generator.ts'
import { datagramsOf, OUR_HOST, startRelay, type CallWish, type Relay } from './rtp-relays.ts'
import { haveRtpengine, startRtpengine, type Description, type Rtpengine } from './rtpengine.ts'

const wanted = readArguments(process.argv.slice(2), { calls: '50,100,300', seconds: 10, rounds: 2, only: '', srtp: '', recording: '', profile: '' })

/** Calls whose packets this process sends and hears, beside those of sipp. */
const PROBES = 4
/** The code of a relay is compiled while it runs: over its first 10 s recording at 50 calls cost 5.7 µs, from then on 4. */
const WARM_UP_MS = 10_000
const PACKETS_PER_SECOND_AND_CALL = 100
/** A machine with less left to give delays everybody, and the figure is not the relay's. */
const BUSY_MAX = 0.7

type By = 'loopline' | 'rtpengine'

interface Setting extends CallWish {
  calls: number
}

interface Round {
  cpuSeconds: number
  arrived: number
  relayed: number
  delays: Delays
  /** Share of all cores, 0..1. */
  busy: number
  foreignLoad: number
  steal: number
}

interface Run {
  by: By
  calls: number
  srtp: boolean
  recording: boolean
  microsPerPacket: number
  addedDelayP50Ms: number | null
  addedDelayP99Ms: number | null
  lossPercent: number
  /** Both directions; less than 100 for each call says that the generator did not keep pace. */
  packetsPerSecond: number
}

const INSIDE = 'BENCH_MEDIA_INSIDE'
if (process.env[INSIDE] === undefined) process.exit(await runInside())

const relayCore = availableParallelism() > 1 ? ['taskset', '-c', String(availableParallelism() - 1)] : []
/** A profiled relay is not pinned: its sampler needs a core of its own, or it looks only while the relay is idle. */
const relayCommand = wanted.profile === '' ? [...relayCore, 'chrt', '--rr', '10'] : ['taskset', '-c', `0-${availableParallelism() - 1}`, 'chrt', '--other', '0']
const hasPeer = await haveRtpengine()
await measureAll()
process.exit()

/**
 * Once more in a network namespace of its own, so that nobody else's packets are counted; away from the relay's core, and
 * ahead of whatever else wants to run: a measuring process that has to wait measures its own waiting.
 */
function runInside(): Promise<number> {
  const cores = availableParallelism() > 1 ? ['taskset', '-c', `0-${availableParallelism() - 2}`] : []
  const script = `ip link set lo up; ip addr add ${OUR_HOST}/32 dev lo; exec "$@"`
  const child = spawn('unshare', ['--net', 'sh', '-c', script, 'sh', ...cores, 'chrt', '--rr', '10', process.execPath, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' },
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

async function measureAll(): Promise<void> {
  const others: By[] = hasPeer ? ['loopline', 'rtpengine'] : ['loopline']
  if (others.length === 1) console.log('rtpengine is not installed: nothing to compare with, nobody to speak SRTP, and nobody reads what is relayed, so that it costs too little (apt-get install -y --no-install-recommends rtpengine-daemon)')
  const relays = others.filter((by) => wanted.only === '' || wanted.only === by)
  const choices = (flag: string): boolean[] => (flag === '' ? [false, true] : [flag === 'yes'])
  const settings: Setting[] = choices(wanted.srtp).filter((srtp) => !srtp || others.length > 1).flatMap((srtp) =>
    choices(wanted.recording).flatMap((record) => wanted.calls.split(',').map((calls) => ({ calls: Number(calls), srtp, record }))))
  const runs: Run[] = []
  const all: Round[] = []
  for (const setting of settings) {
    const rounds = new Map<By, Round[]>(relays.map((by) => [by, []]))
    for (let index = 0; index < wanted.rounds; index += 1) {
      for (const by of relays) rounds.get(by)?.push(await measure(by, setting))
    }
    for (const [by, measured] of rounds) {
      runs.push(runOf(by, setting, measured))
      all.push(...measured)
    }
    console.table(runs.slice(-relays.length))
  }
  console.table(runs)
  const most = runs.filter(({ by, srtp, recording }) => by === 'loopline' && !srtp && !recording).at(-1)
  const load = { foreignLoad: mean(all.map(({ foreignLoad }) => foreignLoad)), steal: mean(all.map(({ steal }) => steal)) }
  console.log(`others kept ${load.foreignLoad} cores busy, the hypervisor withheld ${load.steal}`)
  printJson({ bench: 'media', runs, callsPerCore: most ? Math.floor(1e6 / most.microsPerPacket / PACKETS_PER_SECOND_AND_CALL) : null, ...load })
}

/** One relay, started for this round alone. */
async function measure(by: By, { calls, srtp, record }: Setting): Promise<Round> {
  const reports = await reportSink()
  const recordings = mkdtempSync(join(tmpdir(), 'recordings-')) // some 100 MB of a round's recordings by rtpengine
  const relay = await startRelay(by, {
    calls: calls + PROBES, command: relayCommand, recordings, rtcpPort: reports.address().port, profile: wanted.profile,
  })
  const peer = hasPeer ? await startPeer(recordings) : null
  const generator = await startGenerator({ host: OUR_HOST, legs: 2 * calls, command: ['chrt', '--other', '0'] })
  const probe = new DelayProbe(OUR_HOST)
  try {
    const answers: (() => void)[] = []
    for (let index = 0; index < calls; index += 1) {
      const [one, other] = generator.legs.slice(2 * index, 2 * index + 2)
      if (one === undefined || other === undefined) throw new Error('sipp has too few legs')
      const call = await joined({ relay, peer, name: `call-${index}`, wish: { srtp, record } }, one.port, other.port) // in turn: rtpengine is told by UDP
      answers.push(() => one.answer(call.one.host, call.one.port), () => other.answer(call.other.host, call.other.port))
    }
    await answerSpread(answers)
    for (let index = 0; index < PROBES; index += 1) {
      const [one, other] = [await probe.socket(), await probe.socket()]
      // Plain in every run: what they wait for is the same queue.
      const call = await joined({ relay, peer: null, name: `probe-${index}`, wish: { srtp: false, record } }, one.port, other.port)
      one.speak(call.one.host, call.one.port)
      other.speak(call.other.host, call.other.port)
    }
    await probe.startDirect()
    await sleep(WARM_UP_MS)
    return await measureWindow(relay, probe, reports)
  } finally {
    probe.close()
    reports.close()
    await generator.stop()
    await peer?.stop()
    await relay.stop()
    rmSync(recordings, { recursive: true })
  }
}

async function measureWindow(relay: Relay, probe: DelayProbe, reports: Socket): Promise<Round> {
  let ownReports = 0
  reports.on('message', () => { ownReports += 1 })
  const endLoad = measureLoad(() => ({ bench: [process.pid] }))
  const [cpuBefore, before] = [cpuSecondsOf([relay.pid]), datagramsOf(relay.pid)]
  probe.reset()
  await sleep(wanted.seconds * 1_000) // the length of the measurement itself
  const [cpuAfter, after] = [cpuSecondsOf([relay.pid]), datagramsOf(relay.pid)]
  const delays = probe.delays
  const load = endLoad()
  return {
    cpuSeconds: cpuAfter - cpuBefore, arrived: after.arrived - before.arrived, relayed: after.sent - before.sent - ownReports, delays,
    busy: ((load.cpuSeconds['bench'] ?? 0) / load.wallSeconds + load.foreignLoad) / availableParallelism(),
    foreignLoad: load.foreignLoad, steal: load.steal,
  }
}

interface Joining {
  relay: Relay
  /** Stands before both ends: reads for them, and speaks SRTP for the called one. null: they are spoken to directly. */
  peer: Rtpengine | null
  name: string
  wish: CallWish
}

/** Offer and answer through everything that stands between two ports of ours. @returns where each of the two sends. */
async function joined({ relay, peer, name, wish }: Joining, callerPort: number, calledPort: number): Promise<{ one: Description; other: Description }> {
  const [caller, called] = [callerPort, calledPort].map((port): Description => ({ host: OUR_HOST, port, crypto: null })) as [Description, Description]
  if (peer === null) {
    const other = await relay.offer(name, caller, wish)
    return { one: await relay.answer(name, called), other }
  }
  const plain = { srtp: false, record: false }
  const shown = await relay.offer(name, await peer.offer(`${name} caller`, caller, plain), wish)
  const other = await peer.offer(`${name} called`, shown, plain)
  const near = await relay.answer(name, await peer.answer(`${name} called`, called))
  return { one: await peer.answer(`${name} caller`, near), other }
}

function startPeer(recordings: string): Promise<Rtpengine> {
  return startRtpengine({
    host: OUR_HOST, recordings,
    spawned: async ([program, ...rest]) => spawn('chrt', ['--other', '0', program as string, ...rest], { stdio: ['ignore', 'ignore', 'inherit'] }),
  })
}

/** Hears the reports that the relay makes itself: sent, but not relayed. */
async function reportSink(): Promise<Socket> {
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(0, OUR_HOST, resolve))
  return socket
}

function runOf(by: By, { calls, srtp, record }: Setting, rounds: readonly Round[]): Run {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0)
  const calm = rounds.filter(({ busy }) => busy < BUSY_MAX).map(({ delays }) => delays)
  const added = (share: number): number | null => {
    const [relayed, direct] = [percentile(calm.flatMap((each) => each.relayed), share), percentile(calm.flatMap((each) => each.direct), share)]
    return relayed === null || direct === null ? null : Math.max(0, round(relayed - direct, 3))
  }
  return {
    by, calls, srtp, recording: record, microsPerPacket: round((sum(({ cpuSeconds }) => cpuSeconds) * 1e6) / sum(({ relayed }) => relayed), 2),
    addedDelayP50Ms: added(0.5), addedDelayP99Ms: added(0.99),
    lossPercent: round(Math.max(0, 100 * (1 - sum(({ relayed }) => relayed) / sum(({ arrived }) => arrived))), 3),
    packetsPerSecond: Math.round(sum(({ arrived }) => arrived) / rounds.length / wanted.seconds),
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length), 2)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
