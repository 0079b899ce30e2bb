/**
 * Fault F20: whole calls over a wire that loses 5 to 30 of a hundred datagrams, doubles some and lets others overtake, each
 * way. Every call ends once and is told once, no attempt makes a second INVITE transaction, nothing stays up at the carrier,
 * and where the carrier gave an answer we say the same one.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import { tagOf } from '@loopline/sip/header/name-addr'
import { header, parseMessage } from '@loopline/sip/message'
import type { DialCommand, LineConfig } from '@loopline/contracts/voice-link'
import { readConfig } from '../config.ts'
import { startVoice, type Voice } from '../main.ts'
import { connectDialer, lineTo, orderToNumber, type TestDialer } from './dialer-of-test.ts'
import { startSandbox, startWire, until, type Sandbox, type Wire } from './processes.ts'

const keySet = newKeySet()
const keys = createKeyring(keySet)
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 100_000)

/** Test numbers: answered and left by either side, refused in each way, announced, and one where a 200 crosses the CANCEL. */
const NUMBERS = ['01', '02', '02', '04', '05', '10', '12', '21', '28', '30', '42']
/** Cancelled while they ring. At 30 % the one call in 150 whose every provisional is lost may not be cancelled (§9.1) and rings on. */
const RINGING = ['13', '40']
const cases = [
  { name: 'gentle', faults: { lossPercent: 5, duplicatePercent: 2, reorderPercent: 5, reorderMs: 40, delayMs: 20 }, numbers: [...NUMBERS, ...RINGING] },
  { name: 'rough', faults: { lossPercent: 15, duplicatePercent: 10, reorderPercent: 20, reorderMs: 80, delayMs: 40 }, numbers: [...NUMBERS, ...RINGING] },
  { name: 'hardly a wire', faults: { lossPercent: 30, duplicatePercent: 10, reorderPercent: 20, reorderMs: 120, delayMs: 40 }, numbers: NUMBERS },
]
const ROUNDS = 3

let voice: Voice
let dialer: TestDialer
interface Way { sandbox: Sandbox; wire: Wire; line: LineConfig; branches: Map<string, Set<string>> }
const ways: Way[] = []

beforeAll(async () => {
  console.log(`F20: seed ${SEED}; FAULT_SEED=${SEED} gives the same dice`)
  const config = readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice f20 ')), LOG_LEVEL: 'silent' })
  voice = await startVoice(config, { keys, keysText: JSON.stringify(keySet), log: silentLogger() })
  dialer = await connectDialer(voice.link, keys)
  for (const [index, { name, faults }] of cases.entries()) ways.push(await way(name, faults, SEED + index))
  dialer.send({ type: 'lines', lines: ways.map(({ line }) => line) })
})
afterAll(async () => {
  dialer.close()
  await voice.stop()
  await Promise.all(ways.flatMap(({ sandbox, wire }) => [sandbox.kill(), wire.kill()]))
})

async function way(name: string, faults: Record<string, number>, seed: number): Promise<Way> {
  const sandbox = await startSandbox()
  const branches = new Map<string, Set<string>>()
  const wire = await startWire('udp', {
    target: sandbox.sip, seed, faults,
    onDatagram: (direction, text) => { if (direction === 'to-target') noteInvite(branches, text) },
  })
  return { sandbox, wire, branches, line: lineTo(wire.address, { name }) }
}

/** One Via branch is one INVITE transaction (RFC 3261 §17.1.3). */
function noteInvite(branches: Map<string, Set<string>>, text: string): void {
  const message = parseMessage(text)
  if (message.kind !== 'request' || message.method !== 'INVITE' || tagOf(header(message, 'to') as string) !== '') return
  const known = branches.get(message.callId) ?? new Set()
  branches.set(message.callId, known.add(header(message, 'via') as string))
}

const endsTold = (attemptId: string): number => dialer.messages.flatMap((each) => (each.type === 'calls' ? each.events : []))
  .filter((event) => event.kind === 'ended' && event.attemptId === attemptId).length

test.concurrent.each(cases.map((each, index) => ({ ...each, index })))('F20: $faults.lossPercent % lost, $faults.duplicatePercent % doubled, $faults.reorderPercent % overtaken', async ({ numbers, index }) => {
  const { sandbox, wire, line, branches } = ways[index] as Way
  const orders: DialCommand[] = Array.from({ length: ROUNDS }, () => numbers).flat()
    .map((number) => orderToNumber(number, line, dialer.epoch, keys, { ringTimeMs: RINGING.includes(number) ? 2_000 : 8_000, hangUpAfterMs: 1_000 }))
  dialer.send({ type: 'dial', calls: orders })
  const results = new Map(await Promise.all(orders.map(async ({ attemptId }) => [`${attemptId}@loopline` as string, (await dialer.event('ended', attemptId)).result] as const)))
  await until('the carrier holds no call', async () => (await sandbox.openCalls()) === 0, 40_000)

  expect([...branches.keys()].toSorted()).toEqual([...results.keys()].toSorted())
  expect([...branches.values()].filter((each) => each.size !== 1)).toEqual([])
  expect(orders.filter(({ attemptId }) => endsTold(attemptId) !== 1)).toEqual([])
  const differ = [...sandbox.ended()].filter(([callId, { finalStatus }]) => {
    const { sipStatus } = results.get(callId)?.evidence ?? { sipStatus: 0 }
    // Every repetition of an answer may be lost (Timer B, Timer H): then, and only then, we say that we heard nothing.
    return sipStatus !== finalStatus && sipStatus !== null
  })
  expect(differ).toEqual([])
  const heardNothing = [...results.values()].filter(({ evidence }) => evidence.sipStatus === null)
  expect(heardNothing.length).toBeLessThan(orders.length / 5)
  const counts = await wire.counts()
  for (const struck of ['lost', 'doubled', 'held']) expect(counts[struck]).toBeGreaterThan(0)
}, 110_000)
