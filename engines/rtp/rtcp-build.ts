/** Writes a compound RTCP packet: the reverse of rtcp.ts. A report first, then the name (RFC 3550 §6.1), is the caller's order. */
import type { ReportBlock } from './reception.hot.ts'
import { REPORT_BLOCK_BYTES, RTCP_TYPE, SDES_CNAME, type RtcpPacket, type SourceDescription } from './rtcp.ts'
import { writeXrBlock, xrBlockBytes } from './rtcp-xr.ts'

/** At most 31 reports, names or goodbyes in one packet, names of at most 255 characters: the fields of the wire. */
export function buildRtcp(packets: readonly RtcpPacket[]): Uint8Array {
  const bytes = new Uint8Array(packets.reduce((sum, packet) => sum + bytesOf(packet), 0))
  let at = 0
  for (const packet of packets) {
    const length = bytesOf(packet)
    writePacket(new DataView(bytes.buffer, at, length), packet)
    at += length
  }
  return bytes
}

function bytesOf(packet: RtcpPacket): number {
  switch (packet.kind) {
    case 'sender-report': return 28 + packet.reports.length * REPORT_BLOCK_BYTES
    case 'receiver-report': return 8 + packet.reports.length * REPORT_BLOCK_BYTES
    case 'source-description': return packet.names.reduce((sum, { cname }) => sum + chunkBytes(cname), 4)
    case 'goodbye': return 4 + packet.ssrcs.length * 4
    case 'extended-report': return packet.blocks.reduce((sum, block) => sum + xrBlockBytes(block), 8)
  }
}

/** SSRC, type, length and text, then one to four nulls up to a word. */
function chunkBytes(cname: string): number {
  return (4 + 2 + cname.length + 4) & ~3
}

function writePacket(view: DataView, packet: RtcpPacket): void {
  switch (packet.kind) {
    case 'sender-report':
      writeHeader(view, RTCP_TYPE.senderReport, packet.reports.length)
      writeWords(view, 4, [packet.ssrc, packet.ntp.seconds, packet.ntp.fraction, packet.rtpTimestamp, packet.packets, packet.octets])
      return writeReports(view, 28, packet.reports)
    case 'receiver-report':
      writeHeader(view, RTCP_TYPE.receiverReport, packet.reports.length)
      view.setUint32(4, packet.ssrc)
      return writeReports(view, 8, packet.reports)
    case 'source-description':
      writeHeader(view, RTCP_TYPE.sourceDescription, packet.names.length)
      return writeNames(view, packet.names)
    case 'goodbye':
      writeHeader(view, RTCP_TYPE.goodbye, packet.ssrcs.length)
      return writeWords(view, 4, packet.ssrcs)
    case 'extended-report': {
      writeHeader(view, RTCP_TYPE.extendedReport, 0)
      view.setUint32(4, packet.ssrc)
      let at = 8
      for (const block of packet.blocks) {
        writeXrBlock(view, at, block)
        at += xrBlockBytes(block)
      }
    }
  }
}

function writeHeader(view: DataView, type: number, count: number): void {
  view.setUint8(0, 0x80 | count)
  view.setUint8(1, type)
  view.setUint16(2, view.byteLength / 4 - 1)
}

function writeReports(view: DataView, from: number, reports: readonly ReportBlock[]): void {
  for (const [n, block] of reports.entries()) {
    const at = from + n * REPORT_BLOCK_BYTES
    const lost = ((block.fractionLost << 24) | (block.cumulativeLost & 0xff_ffff)) >>> 0
    writeWords(view, at, [block.ssrc, lost, block.highestSequence, block.jitter, block.lsr, block.dlsr])
  }
}

function writeNames(view: DataView, names: SourceDescription['names']): void {
  let at = 4
  for (const { ssrc, cname } of names) {
    view.setUint32(at, ssrc)
    view.setUint8(at + 4, SDES_CNAME)
    view.setUint8(at + 5, cname.length)
    for (let n = 0; n < cname.length; n += 1) view.setUint8(at + 6 + n, cname.charCodeAt(n))
    at += chunkBytes(cname)
  }
}

function writeWords(view: DataView, from: number, words: readonly number[]): void {
  for (const [n, word] of words.entries()) view.setUint32(from + n * 4, word)
}
