import { SAMPLES_PER_SECOND } from './cutter.ts'

export const WAV_HEADER_BYTES = 44
/** Two channels of 16 bits. */
export const BYTES_PER_SAMPLE = 4

export const wavBytes = (samples: number): number => WAV_HEADER_BYTES + samples * BYTES_PER_SAMPLE

/** The RIFF header of a stereo recording of so many samples per channel: PCM, 8 kHz, 16 bit. */
export function wavHeader(samples: number): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_BYTES)
  const view = new DataView(header.buffer)
  const text = (at: number, word: string): void => { for (let index = 0; index < word.length; index += 1) header[at + index] = word.charCodeAt(index) }
  const data = samples * BYTES_PER_SAMPLE
  text(0, 'RIFF')
  view.setUint32(4, WAV_HEADER_BYTES - 8 + data, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 2, true)
  view.setUint32(24, SAMPLES_PER_SECOND, true)
  view.setUint32(28, SAMPLES_PER_SECOND * BYTES_PER_SAMPLE, true)
  view.setUint16(32, BYTES_PER_SAMPLE, true)
  view.setUint16(34, 16, true)
  text(36, 'data')
  view.setUint32(40, data, true)
  return header
}

export interface ByteRange {
  readonly from: number
  /** Exclusive. */
  readonly to: number
}

/**
 * What a Range header of one range asks for (RFC 9110 §14); null for the whole, 'unsatisfiable' for 416. Several ranges
 * are answered with the whole.
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return null
  if (match[1] === '') {
    const last = Number(match[2])
    return last === 0 ? 'unsatisfiable' : { from: Math.max(0, bytes - last), to: bytes }
  }
  const from = Number(match[1])
  const to = match[2] === '' ? bytes : Math.min(bytes, Number(match[2]) + 1)
  if (from >= bytes || to <= from) return 'unsatisfiable'
  return { from, to }
}
