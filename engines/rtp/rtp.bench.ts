/**
 * What media costs before any socket: µs per packet or frame of 20 ms, and bytes of heap per packet, which is to be none.
 * Budgets stand at the top of each *.hot.ts. Run: node --expose-gc engines/rtp/rtp.bench.ts [packets]. Prints JSON last.
 */
import { DtmfDetector } from './dtmf-detector.ts'
import { LINEAR_OF, transcode } from './g711.ts'
import { DEFAULT_DELAY, JitterBuffer } from './jitter-buffer.hot.ts'
import { newLatch, stepLatch } from './latching.ts'
import { mixMinusSelf } from './mix.hot.ts'
import { FRAME_SAMPLES, newRtpPacket, readRtp, RTP_HEADER_BYTES, writeRtpHeader } from './packet.hot.ts'
import { Reception } from './reception.hot.ts'
import { toneSamples } from './tone.ts'

const packets = Number(process.argv[2] ?? 1_000_000)
const bytes = new Uint8Array(RTP_HEADER_BYTES + FRAME_SAMPLES).fill(0x55)
const packet = newRtpPacket()
const sent = { ...newRtpPacket(), payloadType: 8, ssrc: 0xdead_beef }
const frame = new Int16Array(FRAME_SAMPLES)
const sum = new Int32Array(FRAME_SAMPLES)
const spoken = [440, 700, 1_000].map((hz) => toneSamples({ hz: [hz], levelDbm0: -10, durationMs: 20 }))
const heard = spoken.map(() => new Int16Array(FRAME_SAMPLES))

function writeNumber(n: number): void {
  sent.sequence = n & 0xffff
  sent.timestamp = (n * FRAME_SAMPLES) >>> 0
  writeRtpHeader(bytes, 0, sent)
}

function relay(): (n: number) => void {
  const latch = newLatch({ host: '192.0.2.1', port: 4_000 }, false)
  const reception = new Reception()
  return (n) => {
    writeNumber(n)
    if (!readRtp(bytes, bytes.length, packet)) throw new Error('the packet of the bench is valid')
    if (stepLatch(latch, '192.0.2.1', 4_000, packet, n * 20) === 'accepted') reception.receive(packet, true, n * 20)
  }
}

function buffered(): (n: number) => void {
  const buffer = new JitterBuffer(DEFAULT_DELAY)
  return (n) => {
    writeNumber(n)
    readRtp(bytes, bytes.length, packet)
    buffer.push(packet, bytes, LINEAR_OF.PCMA, n * 20 + (n % 7))
    buffer.pull(n * 20 + 10, frame)
  }
}

function received(): (n: number) => void {
  const reception = new Reception()
  return (n) => {
    sent.sequence = n & 0xffff
    sent.timestamp = (n * FRAME_SAMPLES) >>> 0
    reception.receive(sent, true, n * 20 + (n % 7))
  }
}

const detector = new DtmfDetector()
const MEASURED: Record<string, (n: number) => void> = {
  writeHeader: writeNumber,
  parseHeader: () => { readRtp(bytes, bytes.length, packet) },
  reception: received(),
  relay: relay(),
  transcode: (n) => transcode(bytes, RTP_HEADER_BYTES, bytes.length, n % 2 === 0 ? 'PCMA' : 'PCMU'),
  jitterBuffer: buffered(),
  mixOfThree: () => mixMinusSelf(spoken, heard, 3, sum),
  dtmf: () => { detector.listen(spoken[1] as Int16Array) },
}

function measure(run: (n: number) => void): { micros: number; bytesPerPacket: number } {
  for (let n = 0; n < packets / 10; n += 1) run(n)
  globalThis.gc?.()
  const heapBefore = process.memoryUsage().heapUsed
  const before = performance.now()
  for (let n = packets / 10; n < packets * 1.1; n += 1) run(n)
  const micros = ((performance.now() - before) * 1_000) / packets
  return { micros: Number(micros.toFixed(3)), bytesPerPacket: Math.max(0, Math.round((process.memoryUsage().heapUsed - heapBefore) / packets)) }
}

const result = Object.fromEntries(Object.entries(MEASURED).map(([name, run]) => [name, measure(run)]))
for (const [name, { micros, bytesPerPacket }] of Object.entries(result)) console.log(`${name.padEnd(14)} ${micros.toFixed(3)} µs ${bytesPerPacket} bytes`)
console.log(JSON.stringify({ packets, ...result }))
