/**
 * The two relays under measurement, each in a network namespace of its own behind a pair of virtual cards: what the kernel
 * counts there was sent to this relay or by it, and by nobody else.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FromRelay, ToRelay } from './loopline-relay.ts'
import { startRtpengine, type Description } from './rtpengine.ts'

/** Where the far ends are: an address of the loopback that stays while relays come and go. */
export const OUR_HOST = '10.77.0.1'
const NEAR_HOST = '10.77.0.3'
const RELAY_HOST = '10.77.0.2'

export interface CallWish {
  srtp: boolean
  record: boolean
}

export interface Relay {
  pid: number
  /** A call from `caller`: what its far end is shown. */
  offer(call: string, caller: Description, wish: CallWish): Promise<Description>
  /** The far end's description came: where the caller sends from now on. */
  answer(call: string, called: Description): Promise<Description>
  stop(): Promise<void>
}

export interface RelayPlan {
  calls: number
  /** What starts it, e.g. pinned to a core. */
  command: string[]
  recordings: string
  /** Where the relay sends reports of its own, so that they are told from what it relays. */
  rtcpPort: number
  /** Folder for a CPU profile, or empty. */
  profile: string
}

export function startRelay(by: 'loopline' | 'rtpengine', plan: RelayPlan): Promise<Relay> {
  const apart = (program: string[]): Promise<ChildProcess> => spawnApart([...plan.command, ...program])
  return by === 'rtpengine' ? startRtpengine({ host: RELAY_HOST, spawned: apart, recordings: plan.recordings }) : startLoopline(plan, apart)
}

async function startLoopline({ calls, rtcpPort, profile }: RelayPlan, apart: (program: string[]) => Promise<ChildProcess>): Promise<Relay> {
  const file = fileURLToPath(new URL('./loopline-relay.ts', import.meta.url))
  const profiled = profile === '' ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`, '--cpu-prof-interval=500']
  const child = await apart([process.execPath, ...profiled, file, JSON.stringify({ host: RELAY_HOST, calls, rtcpPort })])
  const waiting = new Map<string, (description: Description) => void>()
  const ready = Promise.withResolvers<void>()
  child.once('exit', (code) => ready.reject(new Error(`the relay ended with ${String(code)}`)))
  child.on('message', (message: FromRelay) => {
    if (message.type === 'ready') ready.resolve()
    else waiting.get(message.call)?.(message.description)
  })
  await ready.promise
  const ask = (message: ToRelay): Promise<Description> => new Promise((resolve) => {
    waiting.set(message.call, resolve)
    child.send(message)
  })
  return {
    pid: child.pid as number,
    offer: (call, from, wish) => ask({ type: 'offer', call, from, ...wish }),
    answer: (call, from) => ask({ type: 'answer', call, from }),
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect() // it writes its profile and ends
      await gone
    },
  }
}

/** Starts a program behind virtual cards; they vanish with it. The namespace must exist before a card can be put into it. */
async function spawnApart(program: string[]): Promise<ChildProcess> {
  const inside = `echo in; read go; ip link set lo up; ip addr add ${RELAY_HOST}/24 dev far; ip link set far up; exec "$@"`
  const child = spawn('unshare', ['--net', 'sh', '-c', inside, 'sh', ...program], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] })
  await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.stdout?.once('data', resolve)
  })
  const ip = (...words: string[]): unknown => execFileSync('ip', words, { stdio: 'ignore' })
  spawnSync('ip', ['link', 'del', 'near'], { stdio: 'ignore' }) // of the relay before, if the kernel has not yet removed it with its namespace
  ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', String(child.pid))
  ip('addr', 'add', `${NEAR_HOST}/24`, 'dev', 'near')
  ip('link', 'set', 'near', 'up')
  child.stdin?.end('go\n')
  return child
}

export interface Datagrams {
  /** Given to this side, whether or not it read them. */
  arrived: number
  sent: number
}

/** What the kernel counted in the network namespace of a process. */
export function datagramsOf(pid: number): Datagrams {
  const [names, values] = readFileSync(`/proc/${pid}/net/snmp`, 'utf8').split('\n').filter((line) => line.startsWith('Udp:')).map((line) => line.split(' '))
  const of = (name: string): number => Number(values?.[names?.indexOf(name) ?? 0])
  return { arrived: of('InDatagrams') + of('InErrors'), sent: of('OutDatagrams') }
}
