/** Tones in WAV files: one for a microphone to hear, and which one a recording holds. */
const HEADER_BYTES = 44
const MICROPHONE_RATE = 48_000
const RECORDING_RATE = 8_000
const WINDOW_SAMPLES = RECORDING_RATE / 20

/** A second of a tone at half of full scale, mono, 16 bit: whole turns, so that it may be played over and over. */
export function writeTone(hz: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + MICROPHONE_RATE * 2)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(MICROPHONE_RATE, 24)
  bytes.writeUInt32LE(MICROPHONE_RATE * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(MICROPHONE_RATE * 2, 40)
  for (let index = 0; index < MICROPHONE_RATE; index += 1) bytes.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * hz * index) / MICROPHONE_RATE)), HEADER_BYTES + index * 2)
  return bytes
}

/** The two channels of 16-bit stereo: left, right. */
export function readStereo(wav: Buffer): [number[], number[]] {
  const channels: [number[], number[]] = [[], []]
  for (let at = HEADER_BYTES; at + 4 <= wav.length; at += 4) {
    channels[0].push(wav.readInt16LE(at))
    channels[1].push(wav.readInt16LE(at + 2))
  }
  return channels
}

/** Share of a tone in all power, 0..1 (Goertzel), over windows of 50 ms: a jitter buffer shifts the phase of what follows. */
export function powerShare(hz: number, samples: readonly number[]): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / RECORDING_RATE)
  let [tone, all] = [0, 0]
  for (let from = 0; from + WINDOW_SAMPLES <= samples.length; from += WINDOW_SAMPLES) {
    let [before, last] = [0, 0]
    for (const sample of samples.slice(from, from + WINDOW_SAMPLES)) {
      const next = sample + turn * last - before
      before = last
      last = next
      all += sample * sample
    }
    tone += (2 * (last * last + before * before - turn * last * before)) / WINDOW_SAMPLES
  }
  return all === 0 ? 0 : tone / all
}
