/**
 * What a compound RTCP packet says (RFC 3550 §6): sender and receiver reports, names, goodbyes, extended reports
 * (rtcp-xr.ts). Bounds first: a packet with one bad length says nothing at all. Packets of other types are passed over;
 * a compound may begin with any of them (RFC 5506, reduced size).
 */
import type { ReportBlock } from './reception.hot.ts'
import type { NtpTime } from './rtcp-timing.ts'
import { parseXrBlocks, type XrBlock } from './rtcp-xr.ts'

export const RTCP_TYPE = { senderReport: 200, receiverReport: 201, sourceDescription: 202, goodbye: 203, extendedReport: 207 } as const
export const SDES_CNAME = 1
export const REPORT_BLOCK_BYTES = 24

export interface SenderReport {
  kind: 'sender-report'
  ssrc: number
  ntp: NtpTime
  rtpTimestamp: number
  packets: number
  octets: number
  reports: ReportBlock[]
}
export interface ReceiverReport {
  kind: 'receiver-report'
  ssrc: number
  reports: ReportBlock[]
}
/** Only the canonical names: the other items describe people, which is nobody's business here. */
export interface SourceDescription {
  kind: 'source-description'
  names: { ssrc: number; cname: string }[]
}
export interface Goodbye {
  kind: 'goodbye'
  ssrcs: number[]
}
export interface ExtendedReport {
  kind: 'extended-report'
  ssrc: number
  blocks: XrBlock[]
}
export type RtcpPacket = SenderReport | ReceiverReport | SourceDescription | Goodbye | ExtendedReport

/** All packets of the first `length` bytes that are understood; none when anything is malformed. */
export function parseRtcp(bytes: Uint8Array, length: number): RtcpPacket[] {
  if (length > bytes.length) return []
  const packets: RtcpPacket[] = []
  for (let at = 0; at < length;) {
    const end = endOfPacket(bytes, at, length)
    if (end === undefined) return []
    const packet = parsePacket(new DataView(bytes.buffer, bytes.byteOffset + at, end.content - at))
    if (packet === 'malformed') return []
    if (packet) packets.push(packet)
    at = end.packet
  }
  return packets
}

/** §6.4.1: length in words less one; padding only in the last packet of a compound, a multiple of four, counted in it. */
function endOfPacket(bytes: Uint8Array, at: number, length: number): { packet: number; content: number } | undefined {
  if (at + 4 > length || ((bytes[at] as number) & 0xc0) !== 0x80) return undefined
  const packet = at + 4 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) * 4
  if (packet > length) return undefined
  if (((bytes[at] as number) & 0x20) === 0) return { packet, content: packet }
  const padding = bytes[packet - 1] as number
  return packet === length && padding > 0 && padding % 4 === 0 && packet - padding >= at + 4 ? { packet, content: packet - padding } : undefined
}

/** `view` is the packet from its header on, without padding. */
function parsePacket(view: DataView): RtcpPacket | 'malformed' | undefined {
  const count = view.getUint8(0) & 0x1f
  switch (view.getUint8(1)) {
    case RTCP_TYPE.senderReport: return parseSenderReport(view, count)
    case RTCP_TYPE.receiverReport: return parseReceiverReport(view, count)
    case RTCP_TYPE.sourceDescription: return parseSourceDescription(view, count)
    case RTCP_TYPE.goodbye: return parseGoodbye(view, count)
    case RTCP_TYPE.extendedReport: return parseExtendedReport(view)
    default: return undefined
  }
}

function parseSenderReport(view: DataView, count: number): SenderReport | 'malformed' {
  if (view.byteLength < 28 + count * REPORT_BLOCK_BYTES) return 'malformed'
  return {
    kind: 'sender-report', ssrc: view.getUint32(4), ntp: { seconds: view.getUint32(8), fraction: view.getUint32(12) },
    rtpTimestamp: view.getUint32(16), packets: view.getUint32(20), octets: view.getUint32(24), reports: parseReports(view, 28, count),
  }
}

function parseReceiverReport(view: DataView, count: number): ReceiverReport | 'malformed' {
  if (view.byteLength < 8 + count * REPORT_BLOCK_BYTES) return 'malformed'
  return { kind: 'receiver-report', ssrc: view.getUint32(4), reports: parseReports(view, 8, count) }
}

function parseReports(view: DataView, from: number, count: number): ReportBlock[] {
  return Array.from({ length: count }, (_, n) => {
    const at = from + n * REPORT_BLOCK_BYTES
    return {
      ssrc: view.getUint32(at), fractionLost: view.getUint8(at + 4), cumulativeLost: (view.getInt32(at + 4) << 8) >> 8,
      highestSequence: view.getUint32(at + 8), jitter: view.getUint32(at + 12), lsr: view.getUint32(at + 16), dlsr: view.getUint32(at + 20),
    }
  })
}

/** §6.5: chunks of items, each chunk ended by a null item and filled up to a word. */
function parseSourceDescription(view: DataView, count: number): SourceDescription | 'malformed' {
  const names: SourceDescription['names'] = []
  for (let chunk = 0, at = 4; chunk < count; chunk += 1) {
    if (at + 8 > view.byteLength) return 'malformed'
    const read = parseChunk(view, at)
    if (!read) return 'malformed'
    if (read.cname !== undefined) names.push({ ssrc: view.getUint32(at), cname: read.cname })
    at = read.end
  }
  return { kind: 'source-description', names }
}

function parseChunk(view: DataView, from: number): { cname: string | undefined; end: number } | undefined {
  let cname: string | undefined
  for (let at = from + 4; at < view.byteLength;) {
    const type = view.getUint8(at)
    if (type === 0) return { cname, end: (at + 4) & ~3 }
    if (at + 2 > view.byteLength) return undefined
    const end = at + 2 + view.getUint8(at + 1)
    if (end > view.byteLength) return undefined
    if (type === SDES_CNAME) cname = textOf(view, at + 2, end)
    at = end
  }
  return undefined
}

/** A name is only compared, so that one character for each byte will do. */
function textOf(view: DataView, from: number, end: number): string {
  let text = ''
  for (let at = from; at < end; at += 1) text += String.fromCharCode(view.getUint8(at))
  return text
}

/** §6.6; the reason is text for people and left out. */
function parseGoodbye(view: DataView, count: number): Goodbye | 'malformed' {
  if (view.byteLength < 4 + count * 4) return 'malformed'
  return { kind: 'goodbye', ssrcs: Array.from({ length: count }, (_, n) => view.getUint32(4 + n * 4)) }
}

function parseExtendedReport(view: DataView): ExtendedReport | 'malformed' {
  const blocks = view.byteLength < 8 ? undefined : parseXrBlocks(view, 8)
  return blocks ? { kind: 'extended-report', ssrc: view.getUint32(4), blocks } : 'malformed'
}
