import { describe, expect, test } from 'vitest'
import { decode, SILENCE, type Law } from './g711.ts'
import { FRAME_SAMPLES } from './packet.hot.ts'
import { newClip, Player, SILENCE_FRAME } from './player.ts'
import { toneSamples } from './tone.ts'

const LAWS: readonly Law[] = ['PCMA', 'PCMU']

function frames(player: Player, count: number): { said: boolean; bytes: Uint8Array }[] {
  return Array.from({ length: count }, () => {
    const out = new Uint8Array(FRAME_SAMPLES + 20)
    const said = player.next(out, 12)
    expect([...out.subarray(0, 12), ...out.subarray(172)].every((byte) => byte === 0)).toBe(true)
    return { said, bytes: out.slice(12, 172) }
  })
}

describe.each(LAWS)('%s', (law) => {
  const tone = toneSamples({ hz: [440], levelDbm0: -10, durationMs: 50 })

  test('a clip is played frame by frame, its end filled with silence, then silence', () => {
    const played = frames(new Player(newClip(tone, law), false), 4)
    expect(played.map(({ said }) => said)).toEqual([true, true, true, false])
    const linear = new Int16Array(480)
    for (const [at, { bytes }] of played.slice(0, 3).entries()) decode(law, bytes, 0, 160, linear.subarray(at * 160))
    expect(linear.subarray(0, 400).every((sample, n) => Math.abs(sample - (tone[n] as number)) <= 8 + Math.abs(sample) / 31)).toBe(true)
    expect(played[2]?.bytes.subarray(80).every((byte) => byte === SILENCE[law])).toBe(true)
    expect(played[3]?.bytes).toEqual(SILENCE_FRAME[law])
  })

  test('a loop begins again without end', () => {
    const played = frames(new Player(newClip(tone, law), true), 7)
    expect(played.every(({ said }) => said)).toBe(true)
    expect(played[6]?.bytes).toEqual(played[0]?.bytes)
  })
})

test('it knows how far it is', () => {
  const player = new Player(newClip(new Int16Array(320), 'PCMA'), false)
  frames(player, 1)
  expect([player.playedMs, player.isDone]).toEqual([20, false])
  frames(player, 1)
  expect([player.playedMs, player.isDone]).toEqual([40, true])
})

test('an empty clip is over at once, looped or not', () => {
  expect(frames(new Player(newClip(new Int16Array(0), 'PCMA'), true), 2).map(({ said }) => said)).toEqual([false, false])
})
