/**
 * Reads the sounds we play: RIFF/WAVE, 8 kHz, one channel, 16-bit linear or G.711. What the header says is held against what
 * is there before anything is made from it (threat 21); every other form is refused, none is converted.
 */
import { LINEAR_OF } from '@loopline/rtp/g711'

/** Longer than any announcement. */
const SECONDS_MAX = 300
const RATE = 8_000
const CHUNKS_MAX = 32
const FORMATS: Readonly<Record<number, { law: 'linear' | 'PCMA' | 'PCMU'; bytes: 1 | 2 }>> = {
  1: { law: 'linear', bytes: 2 }, 6: { law: 'PCMA', bytes: 1 }, 7: { law: 'PCMU', bytes: 1 },
}

/** Samples of 16 bits, or why the file is refused. */
export function readWav(file: Uint8Array): Int16Array | string {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') return 'not a WAVE file'
  let format: { law: 'linear' | 'PCMA' | 'PCMU'; bytes: 1 | 2 } | null = null
  for (let at = 12, chunk = 0; at + 8 <= file.length && chunk < CHUNKS_MAX; chunk += 1) {
    const length = view.getUint32(at + 4, true)
    const from = at + 8
    if (length > file.length - from) return 'a chunk is longer than the file'
    if (tag(view, at) === 'fmt ') {
      const read = formatOf(view, from, length)
      if (typeof read === 'string') return read
      format = read
    } else if (tag(view, at) === 'data') {
      return format === null ? 'the format stands behind the data' : samplesOf(view, from, length, format)
    }
    at = from + length + (length % 2)
  }
  return 'no data'
}

function formatOf(view: DataView, at: number, length: number): { law: 'linear' | 'PCMA' | 'PCMU'; bytes: 1 | 2 } | string {
  if (length < 16) return 'the format is cut short'
  const format = FORMATS[view.getUint16(at, true)]
  if (format === undefined) return 'neither linear nor G.711'
  if (view.getUint16(at + 2, true) !== 1) return 'more than one channel'
  if (view.getUint32(at + 4, true) !== RATE) return 'not 8 kHz'
  return view.getUint16(at + 14, true) === 8 * format.bytes ? format : 'another size of samples'
}

function samplesOf(view: DataView, at: number, length: number, { law, bytes }: { law: 'linear' | 'PCMA' | 'PCMU'; bytes: 1 | 2 }): Int16Array | string {
  const count = Math.floor(length / bytes)
  if (count === 0) return 'no samples'
  if (count > SECONDS_MAX * RATE) return `longer than ${SECONDS_MAX} s`
  const samples = new Int16Array(count)
  for (let index = 0; index < count; index += 1) {
    samples[index] = law === 'linear' ? view.getInt16(at + 2 * index, true) : LINEAR_OF[law][view.getUint8(at + index)] as number
  }
  return samples
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}
