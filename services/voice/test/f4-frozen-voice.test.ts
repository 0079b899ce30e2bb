/** Fault F4, promise P2: voice stands still between the order and the INVITE; what is then too late is never dialled. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { connectDialer, lineTo, orderTo } from './dialer-of-test.ts'
import { startSandbox, startVoiceProcess, until } from './processes.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const CALLS = 200

test('F4: orders that waited in the socket of a frozen voice past their deadline become no INVITE', async () => {
  const sandbox = await startSandbox()
  const voice = await startVoiceProcess(mkdtempSync(join(tmpdir(), 'voice f4 ')), JSON.stringify(keySet))
  const dialer = await connectDialer(voice.link, keys)
  const line = lineTo(sandbox.sip, { maxConcurrent: 1_000 })
  dialer.send({ type: 'lines', lines: [line] })
  await dialer.message('line-state')

  voice.freeze()
  const orders = Array.from({ length: CALLS }, () => orderTo(line, dialer.epoch, keys, { dialBy: Date.now() + 2_000 }))
  for (let at = 0; at < CALLS; at += 20) dialer.send({ type: 'dial', calls: orders.slice(at, at + 20) })
  const latest = Math.max(...orders.map((order) => order.dialBy))
  await until('every deadline has passed', () => Date.now() > latest, 5_000)
  voice.thaw()

  const refusals = await Promise.all(orders.map(async ({ attemptId }) => (await dialer.event('refused', attemptId)).refusal))
  expect(new Set(refusals)).toEqual(new Set(['expired']))
  expect(await sandbox.calls()).toBe(0)

  // It works again at once, and an old order stays dead.
  const fresh = orderTo(line, dialer.epoch, keys)
  dialer.send({ type: 'dial', calls: [orders[0] as typeof fresh, fresh] })
  await dialer.event('placed', fresh.attemptId)
  await until('the carrier has seen the one call', async () => (await sandbox.calls()) === 1, 5_000)
  dialer.close()
  await Promise.all([voice.kill(), sandbox.kill()])
}, 30_000)
