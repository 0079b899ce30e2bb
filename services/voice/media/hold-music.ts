/** Music for who waits: broken chords of plucked strings, made here so that nobody's rights are in it. Eight seconds, played round. */
const RATE = 8_000
const NOTE_SAMPLES = 2_000
/** C, a minor, F, G: eight notes each, as semitones from A4. */
const CHORDS = [[-9, -5, -2, 3], [-12, -9, -5, 0], [-16, -12, -9, -4], [-14, -10, -7, -2]]
const ORDER = [0, 1, 2, 3, 2, 3, 2, 1]
const LEVEL = 4_000
const DECAY_SAMPLES = 2_400

export function holdMusic(): Int16Array {
  const length = CHORDS.length * ORDER.length * NOTE_SAMPLES
  const sum = new Float64Array(length)
  CHORDS.flatMap((chord) => ORDER.map((place) => chord[place] ?? 0)).forEach((semitones, note) => {
    pluck(sum, note * NOTE_SAMPLES, 440 * 2 ** (semitones / 12))
  })
  return Int16Array.from(sum, (sample) => Math.max(-32_000, Math.min(32_000, Math.round(sample))))
}

/** A note rings on into those behind it, and at the end of the piece into its beginning. */
function pluck(sum: Float64Array, from: number, hz: number): void {
  for (let at = 0; at < 4 * NOTE_SAMPLES; at += 1) {
    const turn = (2 * Math.PI * hz * at) / RATE
    const attack = Math.min(1, at / 40)
    const tone = Math.sin(turn) + 0.4 * Math.sin(2 * turn) * Math.exp(-at / 1_200) + 0.15 * Math.sin(3 * turn) * Math.exp(-at / 600)
    const place = (from + at) % sum.length
    sum[place] = (sum[place] as number) + LEVEL * attack * Math.exp(-at / DECAY_SAMPLES) * tone
  }
}
