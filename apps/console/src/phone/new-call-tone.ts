/** Two soft notes, so that the voice that simply begins does not startle: the leg stands, nothing rings. */
const NOTES_HZ = [660, 880]
const NOTE_S = 0.11
/** Of full scale; below speech in the same headset. */
const LOUDNESS = 0.06

let context: AudioContext | null = null

export function soundNewCall(): void {
  context ??= new AudioContext()
  // Without a gesture so far the browser keeps it suspended, and there is no tone.
  if (context.state === 'suspended') void context.resume().catch(() => undefined)
  NOTES_HZ.forEach((hertz, index) => note(context as AudioContext, hertz, (context as AudioContext).currentTime + index * NOTE_S))
}

function note(on: AudioContext, hertz: number, at: number): void {
  const [oscillator, gain] = [on.createOscillator(), on.createGain()]
  oscillator.frequency.value = hertz
  // A gain that jumps clicks in the ear.
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015)
  gain.gain.linearRampToValueAtTime(0, at + NOTE_S)
  oscillator.connect(gain).connect(on.destination)
  oscillator.start(at)
  oscillator.stop(at + NOTE_S)
}
