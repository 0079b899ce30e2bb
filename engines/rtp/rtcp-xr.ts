/** Blocks of an extended report (RFC 3611 §4): receiver reference time, its answer DLRR, and VoIP metrics, both ways. */
import { middleOf, type NtpTime } from './rtcp-timing.ts'

const BLOCK = { referenceTime: 4, dlrr: 5, voipMetrics: 7 } as const
const VOIP_METRICS_BYTES = 36
/** §4.7: what cannot be told. */
export const UNAVAILABLE = 127

/** §4.4: a receiver that sends nothing still wants its round trip. */
export interface ReferenceTime {
  kind: 'reference-time'
  ntp: NtpTime
}
/** §4.5: as LSR and DLSR, for those who sent a reference time. */
export interface Dlrr {
  kind: 'dlrr'
  echoes: { ssrc: number; lastReport: number; delay: number }[]
}
/** §4.7, in the units of the wire: rates and densities of 256, durations in ms, levels in dBm0, ratings 0–100, MOS times ten. */
export interface VoipMetrics {
  kind: 'voip-metrics'
  ssrc: number
  lossRate: number
  discardRate: number
  burstDensity: number
  gapDensity: number
  burstMs: number
  gapMs: number
  roundTripMs: number
  endSystemMs: number
  signalDbm0: number
  noiseDbm0: number
  residualEchoLossDb: number
  gapMin: number
  rating: number
  ratingExternal: number
  mosListeningX10: number
  mosConversationX10: number
  /** Concealment, kind and rate of the jitter buffer, §4.7.6. */
  configuration: number
  bufferMs: number
  bufferMaxMs: number
  bufferAbsoluteMaxMs: number
}
export type XrBlock = ReferenceTime | Dlrr | VoipMetrics

/** Blocks from `from` to the end of the view; unknown ones are passed over; undefined when one is malformed. */
export function parseXrBlocks(view: DataView, from: number): XrBlock[] | undefined {
  const blocks: XrBlock[] = []
  for (let at = from; at < view.byteLength;) {
    if (at + 4 > view.byteLength) return undefined
    const end = at + 4 + view.getUint16(at + 2) * 4
    if (end > view.byteLength) return undefined
    const block = parseBlock(view, at, end)
    if (block === 'malformed') return undefined
    if (block) blocks.push(block)
    at = end
  }
  return blocks
}

function parseBlock(view: DataView, at: number, end: number): XrBlock | 'malformed' | undefined {
  switch (view.getUint8(at)) {
    case BLOCK.referenceTime:
      return end - at === 12 ? { kind: 'reference-time', ntp: { seconds: view.getUint32(at + 4), fraction: view.getUint32(at + 8) } } : 'malformed'
    case BLOCK.dlrr: return (end - at - 4) % 12 === 0 ? parseDlrr(view, at + 4, end) : 'malformed'
    case BLOCK.voipMetrics: return end - at === VOIP_METRICS_BYTES ? parseVoipMetrics(view, at) : 'malformed'
    default: return undefined
  }
}

function parseDlrr(view: DataView, from: number, end: number): Dlrr {
  const echoes: Dlrr['echoes'] = []
  for (let at = from; at < end; at += 12) echoes.push({ ssrc: view.getUint32(at), lastReport: view.getUint32(at + 4), delay: view.getUint32(at + 8) })
  return { kind: 'dlrr', echoes }
}

function parseVoipMetrics(view: DataView, at: number): VoipMetrics {
  const byte = (offset: number): number => view.getUint8(at + offset)
  const ms = (offset: number): number => view.getUint16(at + offset)
  return {
    kind: 'voip-metrics', ssrc: view.getUint32(at + 4), lossRate: byte(8), discardRate: byte(9), burstDensity: byte(10), gapDensity: byte(11),
    burstMs: ms(12), gapMs: ms(14), roundTripMs: ms(16), endSystemMs: ms(18), signalDbm0: view.getInt8(at + 20), noiseDbm0: view.getInt8(at + 21),
    residualEchoLossDb: byte(22), gapMin: byte(23), rating: byte(24), ratingExternal: byte(25), mosListeningX10: byte(26), mosConversationX10: byte(27),
    configuration: byte(28), bufferMs: ms(30), bufferMaxMs: ms(32), bufferAbsoluteMaxMs: ms(34),
  }
}

export function xrBlockBytes(block: XrBlock): number {
  switch (block.kind) {
    case 'reference-time': return 12
    case 'dlrr': return 4 + block.echoes.length * 12
    case 'voip-metrics': return VOIP_METRICS_BYTES
  }
}

/** Writes one block at `at`; there must be room for xrBlockBytes. */
export function writeXrBlock(view: DataView, at: number, block: XrBlock): void {
  view.setUint8(at, { 'reference-time': BLOCK.referenceTime, 'dlrr': BLOCK.dlrr, 'voip-metrics': BLOCK.voipMetrics }[block.kind])
  view.setUint16(at + 2, xrBlockBytes(block) / 4 - 1)
  switch (block.kind) {
    case 'reference-time': return writeWords(view, at + 4, [block.ntp.seconds, block.ntp.fraction])
    case 'dlrr': return writeWords(view, at + 4, block.echoes.flatMap(({ ssrc, lastReport, delay }) => [ssrc, lastReport, delay]))
    case 'voip-metrics': return writeVoipMetrics(view, at, block)
  }
}

/** The answer to a reference time that came `delay` (1/65536 s, dlsrOf) ago. */
export function dlrrTo(ssrc: number, reference: ReferenceTime, delay: number): Dlrr {
  return { kind: 'dlrr', echoes: [{ ssrc, lastReport: middleOf(reference.ntp), delay }] }
}

function writeVoipMetrics(view: DataView, at: number, m: VoipMetrics): void {
  view.setUint32(at + 4, m.ssrc)
  const rates = [m.lossRate, m.discardRate, m.burstDensity, m.gapDensity]
  for (const [n, value] of rates.entries()) view.setUint8(at + 8 + n, value)
  const durations = [m.burstMs, m.gapMs, m.roundTripMs, m.endSystemMs]
  for (const [n, value] of durations.entries()) view.setUint16(at + 12 + n * 2, value)
  const levels = [m.signalDbm0, m.noiseDbm0, m.residualEchoLossDb, m.gapMin, m.rating, m.ratingExternal, m.mosListeningX10, m.mosConversationX10, m.configuration]
  for (const [n, value] of levels.entries()) view.setUint8(at + 20 + n, value)
  const buffers = [m.bufferMs, m.bufferMaxMs, m.bufferAbsoluteMaxMs]
  for (const [n, value] of buffers.entries()) view.setUint16(at + 30 + n * 2, value)
}

function writeWords(view: DataView, from: number, words: readonly number[]): void {
  for (const [n, word] of words.entries()) view.setUint32(from + n * 4, word)
}
