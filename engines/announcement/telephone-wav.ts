import { TELEPHONE_RATE } from './to-telephone.ts'

const HEADER_BYTES = 44
/** WAVE_FORMAT_ALAW. */
const ALAW = 6

/** A WAVE file around A-law bytes, one channel of 8 kHz. */
export function telephoneWav(alaw: Uint8Array): Uint8Array {
  const file = new Uint8Array(HEADER_BYTES + alaw.length)
  const view = new DataView(file.buffer)
  const text = (at: number, word: string): void => { for (let index = 0; index < word.length; index += 1) file[at + index] = word.charCodeAt(index) }
  text(0, 'RIFF')
  view.setUint32(4, file.length - 8, true)
  text(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, ALAW, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, TELEPHONE_RATE, true)
  view.setUint32(28, TELEPHONE_RATE, true)
  view.setUint16(32, 1, true)
  view.setUint16(34, 8, true)
  text(36, 'data')
  view.setUint32(40, alaw.length, true)
  file.set(alaw, HEADER_BYTES)
  return file
}
