import { expect, test } from 'vitest'
import fc from 'fast-check'
import { readSounds } from '../media/sounds.ts'
import { readWav } from '../media/wav.ts'

interface Shape { format?: number; channels?: number; rate?: number; bits?: number; says?: number; data?: number }

function wav({ format = 1, channels = 1, rate = 8_000, bits = 16, says, data = 320 }: Shape = {}): Uint8Array {
  const file = Buffer.alloc(44 + data)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + data, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(format, 20)
  file.writeUInt16LE(channels, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt16LE(bits, 34)
  file.write('data', 36)
  file.writeUInt32LE(says ?? data, 40)
  return file
}

test('every built-in sound is there, long enough to be heard and not longer than a minute', () => {
  const sounds = readSounds()
  expect(sounds.size).toBe(7)
  for (const samples of sounds.values()) {
    expect(samples.length).toBeGreaterThan(8_000)
    expect(samples.length).toBeLessThan(480_000)
  }
})

test.each([
  ['linear samples', {}, 160],
  ['A-law', { format: 6, bits: 8 }, 320],
  ['a header that says 4 GB', { says: 0xffff_fff0 }, 'a chunk is longer than the file'],
  ['two channels', { channels: 2 }, 'more than one channel'],
  ['another rate', { rate: 44_100 }, 'not 8 kHz'],
  ['compressed sound', { format: 85 }, 'neither linear nor G.711'],
  ['24 bits', { bits: 24 }, 'another size of samples'],
  ['an hour', { data: 2 * 8_000 * 301 }, 'longer than 300 s'],
  ['nothing', { data: 0 }, 'no samples'],
])('%s', (_, shape: Shape, want) => {
  const read = readWav(wav(shape))
  expect(typeof read === 'string' ? read : read.length).toBe(want)
})

test('threat-21: whatever a header claims, what is made from it is no larger than the file and no longer than 300 s', () => {
  const claim = fc.record({
    format: fc.constantFrom(0, 1, 6, 7, 85, 0xfffe, 0xffff), channels: fc.constantFrom(0, 1, 2, 0xffff), rate: fc.constantFrom(0, 8_000, 44_100, 0xffff_ffff),
    bits: fc.constantFrom(0, 8, 16, 24, 0xffff), says: fc.constantFrom(0, 1, 319, 320, 321, 0x7fff_ffff, 0xffff_ffff), data: fc.nat(640),
  })
  fc.assert(fc.property(claim, fc.nat(700), fc.array(fc.tuple(fc.nat(43), fc.nat(255)), { maxLength: 4 }), (shape, cut, changes) => {
    const file = wav(shape)
    for (const [at, byte] of changes) file[at] = byte
    const read = readWav(file.subarray(0, cut))
    if (typeof read === 'string') expect(read.length).toBeGreaterThan(0)
    else expect(read.length).toBeLessThanOrEqual(file.length)
  }), { numRuns: 2_000 })
})

test('threat-21: no bytes whatever make it throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(199), (bytes, cut) => {
    readWav(bytes)
    const file = wav().slice()
    file.set(bytes.subarray(0, 44), 8)
    readWav(file.subarray(0, cut))
    readWav(file)
  }))
})
