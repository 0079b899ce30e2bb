import type { Page } from 'playwright-core'

/**
 * In the page, as text: the share of a tone, 0..1, among what its telephone's <audio> plays now. Goertzel over the half
 * second that an analyser of the browser holds; one analyser a stream, since a new leg brings a new stream.
 */
const share = (hz: number): string => `(async () => {
  const stream = [...document.querySelectorAll('audio')].map((audio) => audio.srcObject).find((stream) => stream !== null)
  if (!stream) return 0
  if (globalThis.ear?.stream !== stream) {
    const context = globalThis.ear?.context ?? new AudioContext()
    await context.resume()
    const analyser = context.createAnalyser()
    analyser.fftSize = 16384
    context.createMediaStreamSource(stream).connect(analyser)
    globalThis.ear = { stream, context, analyser }
  }
  const { context, analyser } = globalThis.ear
  const samples = new Float32Array(analyser.fftSize)
  analyser.getFloatTimeDomainData(samples)
  const turn = 2 * Math.cos((2 * Math.PI * ${hz}) / context.sampleRate)
  let [before, last, energy] = [0, 0, 0]
  for (const sample of samples) {
    [before, last] = [last, sample + turn * last - before]
    energy += sample * sample
  }
  return energy < 0.01 ? 0 : (2 * (last * last + before * before - turn * last * before)) / (samples.length * energy)
})()`

export const shareOf = (page: Page, hz: number): Promise<number> => page.evaluate<number>(share(hz))
export const share440 = (page: Page): Promise<number> => shareOf(page, 440)
