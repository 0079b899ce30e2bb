import { systemClock } from '@loopline/clock/clock'
import type { Clock } from '@loopline/clock/clock'
import { CallLog } from './call-log.ts'
import { CallBacks } from './calling-back/call-backs.ts'
import { Callers } from './calling-back/callers.ts'
import type { CallerRecord, Wish } from './calling-back/callers.ts'
import type { CallRecord } from './call-record.ts'
import { startControlServer } from './control-server.ts'
import { WELL_BEHAVED } from './misbehaviour.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import { Network } from './network.ts'
import type { Peer } from './network.ts'
import { chance } from './population/chance.ts'
import { DEFAULT_SETTINGS } from './settings.ts'
import type { CarrierSettings } from './settings.ts'
import { Statistics } from './statistics.ts'
import { Switchboard } from './switchboard.ts'
import { VoicePool } from './voice/voice-pool.ts'

export interface CarrierOptions {
  /** SIP over UDP; 127.0.0.1 and a free port when absent. */
  readonly address?: string
  readonly port?: number
  /** Control port on 127.0.0.1; a free one when absent. */
  readonly controlPort?: number
  /** File to which the log is appended; none when absent. */
  readonly logPath?: string
  /** Another seed, another population and other accidents. */
  readonly seed?: number
  readonly settings?: Partial<CarrierSettings>
  readonly misbehaviour?: Partial<Misbehaviour>
  readonly clock?: Clock
  /** How many calls have a voice at once; 0 is a silent carrier. */
  readonly voices?: number
}

export interface Carrier {
  /** SIP/UDP. */
  readonly port: number
  readonly controlPort: number
  readonly stop: () => Promise<void>
  readonly change: (settings: Partial<CarrierSettings>) => void
  readonly misbehave: (misbehaviour: Partial<Misbehaviour>) => Promise<void>
  readonly openCalls: () => CallRecord[]
  /** Somebody of the sandbox calls a line. */
  readonly callIn: (wish: Wish) => CallerRecord
  readonly statistics: () => CarrierStatistics
}

export interface CarrierStatistics {
  readonly calls: number
  readonly ended: number
  readonly open: number
  readonly inviteRetransmissions: number
  readonly malformed: number
  readonly byStatus: Record<string, number>
  readonly datagramsIn: number
  readonly datagramsOut: number
  readonly cpuSeconds: number
}

/** Starts a carrier in this process; rejects when a port is taken. */
export async function startCarrier(options: CarrierOptions = {}): Promise<Carrier> {
  const { address = '127.0.0.1', seed = 1, clock = systemClock } = options
  const settings: CarrierSettings = { ...DEFAULT_SETTINGS, ...options.settings }
  const misbehaviour: Misbehaviour = { ...WELL_BEHAVED, ...options.misbehaviour }
  const log = new CallLog(options.logPath ?? null)
  const counts = new Statistics()
  const random = accidents(seed)
  const alarm = new Alarm(clock, () => switchboard.onTime())
  let port = 0
  const voices = await VoicePool.open(address, options.voices ?? 0, () => clock.monotonic())
  const switchboard = new Switchboard({
    clock, settings, misbehaviour, seed, random, log, statistics: counts, voices,
    sentBy: () => `${address}:${port}`, wake: (at) => alarm.notLaterThan(at), onMissed: (missed) => callBacks.missed(missed),
  })
  const callers = new Callers({ clock, voices, sentBy: () => `${address}:${port}` })
  const callBacks = new CallBacks(settings, seed, callers)
  let heardLast: Peer | null = null
  const network = new Network(misbehaviour, random, (text, from) => {
    heardLast = from
    if (!callers.onText(text)) switchboard.onText(text, from)
  })
  switchboard.connect(network)
  callers.connect(network)
  port = await network.open(address, options.port ?? 0)

  const change = (changed: Partial<CarrierSettings>): void => void Object.assign(settings, changed)
  const misbehave = async (changed: Partial<Misbehaviour>): Promise<void> => {
    const wasGone = misbehaviour.gone
    Object.assign(misbehaviour, changed)
    if (misbehaviour.gone && !wasGone) await network.close()
    if (!misbehaviour.gone && wasGone) await network.open(address, port)
  }
  const openCalls = (): CallRecord[] => switchboard.open()
  const statistics = (): CarrierStatistics => {
    const { calls, ended, inviteRetransmissions, malformed, byStatus } = counts
    const { user, system } = process.cpuUsage()
    const { datagramsIn, datagramsOut } = network
    return { calls, ended, open: openCalls().length, inviteRetransmissions, malformed, byStatus, datagramsIn, datagramsOut, cpuSeconds: (user + system) / 1e6 }
  }
  const control = await startControlServer({
    settings, misbehaviour, change, misbehave, statistics, openCalls, callIn: (wish) => callers.place(wish), callsIn: () => callers.records(), heardLast: () => heardLast,
  }, options.controlPort ?? 0)

  let isStopped = false
  const stop = async (): Promise<void> => {
    if (isStopped) return
    isStopped = true
    alarm.stop()
    callBacks.close()
    callers.close()
    await Promise.all([control.close(), network.close()])
    switchboard.close()
    voices.close()
    log.close()
  }
  return { port, controlPort: control.port, stop, change, misbehave, openCalls, statistics, callIn: (wish) => callers.place(wish) }
}

/** The same accidents for the same seed, in order. */
function accidents(seed: number): () => number {
  let count = 0
  return () => chance('accident', seed, (count += 1))
}

/** One timer of the operating system for all calls. */
class Alarm {
  readonly #clock: Clock
  readonly #ring: () => number
  #timer: NodeJS.Timeout | null = null
  #at = Number.POSITIVE_INFINITY

  /** @param ring does what is due and returns when something is due next, ms, monotonic. */
  constructor(clock: Clock, ring: () => number) {
    this.#clock = clock
    this.#ring = ring
  }

  notLaterThan(at: number): void {
    if (at >= this.#at) return
    this.stop()
    this.#at = at
    this.#timer = setTimeout(() => {
      this.#at = Number.POSITIVE_INFINITY
      this.notLaterThan(this.#ring())
    }, Math.max(0, Math.min(at - this.#clock.monotonic(), 60_000)))
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#at = Number.POSITIVE_INFINITY
  }
}
