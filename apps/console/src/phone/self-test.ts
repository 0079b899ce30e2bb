/**
 * The page's part of the trial before the shift: while voice listens to the leg and plays back what it heard, the page
 * measures its microphone, its way to voice and what arrives. Voice and the dialer decide; here nothing passes or fails.
 */
import { useEffect, useSyncExternalStore } from 'react'
import type { z } from 'zod'
import type { TellPageFindings } from '@loopline/contracts/agent'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { agentQuery, keep, PAGE_ID, type Agent } from './agent-queries'
import { phone, type PhoneStatus } from './phone'

type Findings = z.input<typeof TellPageFindings>

const LOOK_MS = 100
/** Voice is done within five seconds; who heard nothing of it by then tells what there is. */
const PATIENCE_MS = 7_000
/** A leg that was taken away is there again within this; who is interrupted more often is told so, and begins it himself. */
const AGAIN_AFTER_MS = 1_000
const AGAIN_MAX = 5
/** What voice played last is still on its way, and in the jitter buffer. */
const LAST_WORDS_MS = 300

/** What goes on in this page. `level`: of the microphone now, 0..1, for a meter. */
export interface Trial {
  phase: 'idle' | 'listening' | 'playing'
  level: number
}

const IDLE: Trial = { phase: 'idle', level: 0 }
let trial = IDLE
let mine: string | null = null
let isRunning = false
let interruptions = 0
const listeners = new Set<() => void>()

function show(next: Trial): void {
  trial = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useTrial = (): Trial => useSyncExternalStore(subscribe, () => trial)

/** Tries the telephone. @throws why it could not begin */
export async function runSelfTest(): Promise<void> {
  if (isRunning) return
  isRunning = true
  try {
    show({ phase: 'listening', level: 0 })
    const begun = await answer(api.POST('/api/dialer/agents/me/self-test'))
    mine = begun.selfTest.testId
    keep(begun)
    const testId = mine
    if (testId === null || begun.phone !== 'browser') return
    const findings = await measure(testId)
    // One that was interrupted, or begun anew elsewhere, takes nothing any more.
    if (isCurrent(testId)) keep(await answer(api.POST('/api/dialer/agents/me/self-test/{testId}/page', { params: { path: { testId } }, body: findings })))
  } finally {
    isRunning = false
    show(IDLE)
  }
}

/**
 * Runs the test by itself when the telephone is there and was not tried, after another microphone took its
 * place, and again when the leg was needed or replaced in the middle of it.
 */
export function useSelfTest(agent: Agent | null | undefined, { leg, device }: PhoneStatus): void {
  const isMine = agent?.pageId === PAGE_ID && agent.state !== 'offline'
  const isThere = agent?.leg === 'up' && agent.call === null && (agent.phone === 'desk' || leg === 'up')
  const { state, testId } = agent?.selfTest ?? { state: 'passed' as const, testId: null }
  const isDue = state === 'missing' || (state === 'running' && testId !== mine)
  useEffect(() => {
    if (isMine && isThere && isDue) void runSelfTest().catch(() => undefined) // the bar shows that it is missing, and offers it
  }, [isMine, isThere, isDue])
  const isInterrupted = state === 'failed' && agent?.selfTest.faults[0] === 'interrupted'
  useEffect(() => {
    if (state === 'passed') interruptions = 0
    if (!isMine || !isThere || !isInterrupted || interruptions >= AGAIN_MAX) return
    const timer = setTimeout(() => {
      interruptions += 1
      void runSelfTest().catch(() => undefined)
    }, AGAIN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isMine, isThere, isInterrupted, state])
  const known = agent?.selfTest.device ?? null
  useEffect(() => {
    if (!isMine || device === null || known === null || device === known) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (): void => void answer(api.PUT('/api/dialer/agents/me/device', { body: { device } })).then(keep, () => { timer = setTimeout(tell, AGAIN_AFTER_MS) })
    tell()
    return () => clearTimeout(timer)
  }, [isMine, device, known])
}

const current = (): Agent['selfTest'] | undefined => queryClient.getQueryData(agentQuery.queryKey)?.selfTest
const isCurrent = (testId: string): boolean => current()?.testId === testId && current()?.state === 'running'
const isListened = (testId: string): boolean => !isCurrent(testId) || (current()?.leg ?? null) !== null

async function measure(testId: string): Promise<Findings> {
  const meter = new Meter()
  const giveUpAt = performance.now() + PATIENCE_MS
  let endsAt = giveUpAt
  while (performance.now() < endsAt) {
    if (endsAt === giveUpAt && isListened(testId)) endsAt = Math.min(giveUpAt, performance.now() + LAST_WORDS_MS)
    await new Promise((resolve) => { setTimeout(resolve, LOOK_MS) })
    meter.look(await phone.stats())
    show({ phase: meter.isPlayed ? 'playing' : 'listening', level: meter.level })
  }
  return meter.findings()
}

/** Sums of RTCStats, read again and again: what lies between two readings is the sound of that moment. */
class Meter {
  readonly #spoken = new Loudness()
  readonly #heard = new Loudness()
  #first: { packetsReceived: number; packetsLost: number } | null = null
  #echo = { packetsReceived: 0, packetsLost: 0, jitterMs: 0 }
  #path: Findings['path'] = null

  look(report: RTCStatsReport | null): void {
    if (report === null) return
    const stats = [...(report as unknown as Map<string, Stat>).values()]
    const source = stats.find(({ type, kind }) => type === 'media-source' && kind === 'audio')
    if (source) this.#spoken.look(source)
    const inbound = stats.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
    if (inbound) this.#hear(inbound)
    this.#path = pathOf(stats) ?? this.#path
  }

  /** Of this moment, 0..1 over the 60 dB that a meter shows. */
  get level(): number {
    return this.#spoken.now === null ? 0 : Math.max(0, Math.min(1, (this.#spoken.now + 60) / 60))
  }

  get isPlayed(): boolean {
    return this.#echo.packetsReceived > 0
  }

  findings(): Findings {
    const track = phone.microphone()?.getAudioTracks()[0]
    const isMuted = !track || track.muted || !track.enabled || track.readyState === 'ended'
    const { packetsReceived, packetsLost, jitterMs } = this.#echo
    const loss = packetsReceived === 0 ? 0 : Math.max(0, packetsLost) / (packetsReceived + Math.max(0, packetsLost))
    return {
      device: phone.status().device ?? 'unnamed', microphone: { isMuted, levelDbfs: this.#spoken.loudest }, path: this.#path,
      echo: { packetsReceived, loss, jitterMs, levelDbfs: this.#heard.loudest },
    }
  }

  #hear(inbound: Stat): void {
    const { packetsReceived = 0, packetsLost = 0, jitter = 0 } = inbound
    this.#first ??= { packetsReceived, packetsLost }
    this.#echo = { packetsReceived: packetsReceived - this.#first.packetsReceived, packetsLost: packetsLost - this.#first.packetsLost, jitterMs: jitter * 1_000 }
    this.#heard.look(inbound)
  }
}

/** The fields of webrtc-stats that are read here. */
interface Stat {
  id: string
  type: string
  kind?: string
  totalAudioEnergy?: number
  totalSamplesDuration?: number
  packetsReceived?: number
  packetsLost?: number
  jitter?: number
  selectedCandidatePairId?: string
  localCandidateId?: string
  currentRoundTripTime?: number
  candidateType?: string
  protocol?: string
}

/** Loudness from the energy between two readings, dB below full scale. */
class Loudness {
  now: number | null = null
  loudest: number | null = null
  #energy: number | null = null
  #duration = 0

  look({ totalAudioEnergy, totalSamplesDuration }: Stat): void {
    if (totalAudioEnergy === undefined || totalSamplesDuration === undefined) return
    const [energy, duration] = [totalAudioEnergy - (this.#energy ?? totalAudioEnergy), totalSamplesDuration - this.#duration]
    const isFirst = this.#energy === null
    this.#energy = totalAudioEnergy
    this.#duration = totalSamplesDuration
    if (isFirst || duration <= 0) return
    this.now = energy <= 0 ? null : Math.max(-200, Math.min(0, 10 * Math.log10(energy / duration)))
    if (this.now !== null) this.loudest = Math.max(this.loudest ?? -200, this.now)
  }
}

const KINDS = ['host', 'srflx', 'prflx', 'relay'] as const

function pathOf(stats: readonly Stat[]): Findings['path'] {
  const byId = new Map(stats.map((stat) => [stat.id, stat]))
  const selected = stats.find(({ type }) => type === 'transport')?.selectedCandidatePairId
  const pair = selected === undefined ? undefined : byId.get(selected)
  const local = pair?.localCandidateId === undefined ? undefined : byId.get(pair.localCandidateId)
  const kind = KINDS.find((one) => one === local?.candidateType)
  if (!kind || !local) return null
  return { kind, protocol: local.protocol ?? 'udp', roundTripMs: pair?.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1_000 }
}
