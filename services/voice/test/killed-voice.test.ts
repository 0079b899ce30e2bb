/** P7: what a killed voice process left up is ended within three seconds of the next start, and told honestly. */
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { answers, ringsOnly, scriptedCarrier } from './scripted-carrier.ts'
import { connectDialer, lineTo, orderTo } from './dialer-of-test.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const RUNNER = fileURLToPath(new URL('voice-process.ts', import.meta.url))

async function voiceProcess(folder: string): Promise<{ link: string; kill(): Promise<void>; readyMs: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, [RUNNER], {
    env: { ...process.env, VOICE_DIR: folder, LOOPLINE_KEYS: JSON.stringify(keySet), LOG_LEVEL: 'silent' }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const link = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { link: string }) => resolve(message.link))
    child.once('exit', (code) => reject(new Error(`voice ended with ${String(code)}`)))
  })
  return {
    link, readyMs: performance.now() - started,
    kill: () => new Promise((resolve) => {
      child.removeAllListeners('exit')
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    }),
  }
}

test('after kill -9 a ringing call is cancelled, a conversation is ended by BYE, and both are told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'voice killed '))
  const ringing = await scriptedCarrier(ringsOnly)
  const talking = await scriptedCarrier(answers)
  const lines = [lineTo(ringing.address), lineTo(talking.address)] as const
  const first = await voiceProcess(folder)
  const before = await connectDialer(first.link, keys)
  before.send({ type: 'lines', lines: [...lines] })
  const [unanswered, answered] = [orderTo(lines[0], before.epoch, keys), orderTo(lines[1], before.epoch, keys)]
  before.send({ type: 'dial', calls: [unanswered, answered] })
  await before.event('ringing', unanswered.attemptId)
  await before.event('answered', answered.attemptId)
  await first.kill()

  const second = await voiceProcess(folder)
  await Promise.all([ringing.when(([call]) => call?.ended === true), talking.when(([call]) => call?.ended === true)])
  expect(ringing.calls.get(`${unanswered.attemptId}@loopline`)).toMatchObject({ cancelled: true, invites: 1 })
  const after = await connectDialer(second.link, keys)
  expect(after.epoch).not.toBe(before.epoch)
  expect(await after.message('recovered')).toMatchObject({ orphans: 2, whole: true })
  expect((await after.event('ended', unanswered.attemptId)).result).toMatchObject({ answeredAt: null, evidence: { endedBy: 'crash', sipStatus: null } })
  const talk = (await after.event('ended', answered.attemptId)).result
  expect(talk.evidence).toMatchObject({ endedBy: 'crash', sipStatus: 200 })
  expect(talk.answeredAt).not.toBeNull()

  // The former epoch's orders and attempts are dead for good.
  after.send({ type: 'dial', calls: [unanswered, { ...answered, epoch: after.epoch }] })
  expect((await after.event('refused', unanswered.attemptId)).refusal).toBe('wrong-epoch')
  expect((await after.event('refused', answered.attemptId)).refusal).toBe('seen')
  after.close()
  await second.kill()
  ringing.close()
  talking.close()
}, 30_000)

test('a journal cut in the middle of a record loses that record only', async () => {
  const { readJournals, Journal } = await import('../journal.ts')
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const journal = new Journal(folder, 0, 'boot')
  const placed = { kind: 'placed' as const, customerId: 'c', campaignId: null, lineId: 'l', remote: 'r', local: 'l', callId: 'x', fromTag: 't', branchSeed: 'b', phoneSealed: 's', callerId: 'i', numberFormat: 'e164' as const, at: 1 }
  journal.add({ ...placed, attemptId: 'one' } as never)
  journal.close()
  const file = join(folder, 'journal-0.ndjson')
  writeFileSync(file, '{"kind":"placed","attemptId":"tw', { flag: 'a' })
  expect(readJournals(folder, 'boot').calls.map((call) => call.placed.attemptId)).toEqual(['one'])
  expect(readJournals(folder, 'boot').whole).toBe(true)
  expect(readJournals(folder, 'another boot').whole).toBe(false)
})
