/** Longer than anybody listens to on a telephone. */
export const SECONDS_MAX = 120
const RATE_MIN = 8_000
const RATE_MAX = 48_000
const CHANNELS_MAX = 2
/** A tag, a list, a picture and the like beside the sound. */
const CHUNKS_MAX = 64
/** A hundredth of full scale: quieter is not heard as speech on a line. */
const AUDIBLE = 328
const SECONDS_MIN = 0.2

const EXTENSIBLE = 0xfffe

/** Why a file is not taken; the console has a sentence for each. */
export const SOUND_REFUSALS = ['not-wave', 'cut-short', 'format', 'rate', 'channels', 'too-long', 'too-short', 'silent'] as const
export type SoundRefusal = (typeof SOUND_REFUSALS)[number]

/** One channel of linear 16. */
export interface ReadSound {
  readonly rate: number
  readonly samples: Int16Array
}

/** Linear 16 of each byte of G.711: engines/rtp/g711. */
export interface Laws {
  readonly PCMA: Int16Array
  readonly PCMU: Int16Array
}

interface Format {
  readonly rate: number
  readonly channels: number
  readonly bytes: number
  sampleAt(view: DataView, at: number): number
}

/** Reads a WAVE file; two channels become their mean. Everything the header claims is held against what is there first. */
export function readSound(file: Uint8Array, laws: Laws): ReadSound | SoundRefusal {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE') return 'not-wave'
  let format: Format | null = null
  for (let at = 12, chunk = 0; at + 8 <= file.length && chunk < CHUNKS_MAX; chunk += 1) {
    const length = view.getUint32(at + 4, true)
    const from = at + 8
    if (length > file.length - from) return 'cut-short'
    if (tag(view, at) === 'fmt ') {
      const read = formatOf(view, { from, length }, laws)
      if (typeof read === 'string') return read
      format = read
    } else if (tag(view, at) === 'data') return format === null ? 'format' : soundOf(view, { from, length }, format)
    at = from + length + (length % 2)
  }
  return 'cut-short'
}

interface Stretch {
  readonly from: number
  readonly length: number
}

function formatOf(view: DataView, { from, length }: Stretch, laws: Laws): Format | SoundRefusal {
  if (length < 16) return 'cut-short'
  const kind = view.getUint16(from, true)
  const [channels, rate, bits] = [view.getUint16(from + 2, true), view.getUint32(from + 4, true), view.getUint16(from + 14, true)]
  const code = kind === EXTENSIBLE && length >= 40 ? view.getUint16(from + 24, true) : kind
  if (channels < 1 || channels > CHANNELS_MAX) return 'channels'
  if (rate < RATE_MIN || rate > RATE_MAX) return 'rate'
  const sampleAt = readerOf(code, bits, laws)
  return sampleAt === null ? 'format' : { rate, channels, bytes: bits / 8, sampleAt }
}

function readerOf(code: number, bits: number, laws: Laws): Format['sampleAt'] | null {
  switch (`${code}/${bits}`) {
    case '1/8': return (view, at) => (view.getUint8(at) - 128) << 8
    case '1/16': return (view, at) => view.getInt16(at, true)
    case '1/24': return (view, at) => view.getInt16(at + 1, true)
    case '6/8': return (view, at) => laws.PCMA[view.getUint8(at)] as number
    case '7/8': return (view, at) => laws.PCMU[view.getUint8(at)] as number
    default: return null
  }
}

function soundOf(view: DataView, { from, length }: Stretch, { rate, channels, bytes, sampleAt }: Format): ReadSound | SoundRefusal {
  const count = Math.floor(length / (channels * bytes))
  if (count > SECONDS_MAX * rate) return 'too-long'
  if (count < SECONDS_MIN * rate) return 'too-short'
  const samples = new Int16Array(count)
  let loudest = 0
  for (let index = 0; index < count; index += 1) {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1) sum += sampleAt(view, from + (index * channels + channel) * bytes)
    samples[index] = sum / channels
    loudest = Math.max(loudest, Math.abs(samples[index] as number))
  }
  return loudest < AUDIBLE ? 'silent' : { rate, samples }
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}
