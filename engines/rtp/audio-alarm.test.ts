import { expect, test } from 'vitest'
import { alarmAt, expectAudio, newAudioAlarm, onAlarmTime, onAudio } from './audio-alarm.ts'

test('no packet from the start: the leg is named after two seconds, once', () => {
  const alarm = newAudioAlarm('customer', 1_000)
  expect(alarmAt(alarm)).toBe(3_000)
  expect(onAlarmTime(alarm, 2_999)).toBeNull()
  expect(onAlarmTime(alarm, 3_000)).toEqual({ kind: 'no-audio', leg: 'customer', sinceMs: 2_000 })
  expect(onAlarmTime(alarm, 9_000)).toBeNull()
  expect(alarmAt(alarm)).toBe(Infinity)
})

test('packets that stop raise it, the next one clears it, and it may come again', () => {
  const alarm = newAudioAlarm('agent', 0)
  for (let now = 0; now <= 5_000; now += 20) expect([onAudio(alarm, now), onAlarmTime(alarm, now)]).toEqual([null, null])
  expect(onAlarmTime(alarm, 7_100)).toEqual({ kind: 'no-audio', leg: 'agent', sinceMs: 2_100 })
  expect(onAudio(alarm, 8_000)).toEqual({ kind: 'audio-back', leg: 'agent', afterMs: 3_000 })
  expect(onAudio(alarm, 8_020)).toBeNull()
  expect(onAlarmTime(alarm, 10_020)).toMatchObject({ kind: 'no-audio' })
})

test('on hold nothing is missing; resuming gives two seconds', () => {
  const alarm = newAudioAlarm('customer', 0)
  expectAudio(alarm, false, 1_000)
  expect(onAlarmTime(alarm, 60_000)).toBeNull()
  expect([onAudio(alarm, 61_000), onAlarmTime(alarm, 90_000)]).toEqual([null, null])
  expectAudio(alarm, true, 100_000)
  expect(alarmAt(alarm)).toBe(102_000)
  expect(onAlarmTime(alarm, 102_000)).toMatchObject({ kind: 'no-audio', sinceMs: 2_000 })
})

test('a raised alarm is dropped by hold without a word', () => {
  const alarm = newAudioAlarm('customer', 0)
  onAlarmTime(alarm, 2_000)
  expectAudio(alarm, false, 3_000)
  expect(onAudio(alarm, 3_010)).toBeNull()
})
