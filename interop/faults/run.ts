/**
 * faults — one fault after the other in a whole product that dials, each with what must follow; at the end the carriers' own
 * logs are held against attempts and timelines (promises P1 to P3).
 *
 *   npm run faults -- [--only F1,freezes] [--customers 3000]        by number or by a word of the name
 */
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../product.ts'
import { judgeContacts } from '../chaos/judge-contacts.ts'
import { CAP, ObservedProduct } from './observed-product.ts'
import { attemptsBehind, slotsOf, startSecondDialer, type SecondDialer } from './second-dialer.ts'
import { startTcpProxy } from './tcp-proxy.ts'

const wanted = { only: '', customers: '3000' }
for (let index = 2; index < process.argv.length; index += 2) {
  const name = (process.argv[index] as string).slice(2) as keyof typeof wanted
  if (!(name in wanted)) throw new Error(`unknown argument --${name}`)
  wanted[name] = process.argv[index + 1] as string
}

interface Fault {
  number: string
  name: string
  /** Does the harm and waits for what must follow; says what was seen. */
  strike(on: ObservedProduct): Promise<string>
}

/** The lease of a dialer's slots, ms (drivers/event-log): a process frozen for longer has lost them. */
const LEASE_MS = 5_000
const SLOTS = 64
const CRASH_POINTS = ['after-claim', 'after-attempt-commit', 'after-dial-sent', 'after-answer', 'before-outcome-commit']

const FAULTS: readonly Fault[] = [
  ...CRASH_POINTS.map((point) => ({ number: 'F1', name: `dialer dies ${point}`, strike: (on: ObservedProduct) => dialerDies(on, point) })),
  { number: 'F3', name: 'dialer frozen past its lease', strike: dialerFrozen },
  { number: 'F6', name: 'PostgreSQL killed', strike: databaseKilled },
  { number: 'F30', name: 'two dialers share; one freezes, thaws and is too late', strike: (on) => twoDialers(on, freezing) },
  { number: 'F30', name: 'two dialers share; one is cut off from the database', strike: (on) => twoDialers(on, partitioning) },
]

/** The supervisor restarts it; the new one dies at the point by itself; the one after that goes on. */
async function dialerDies(on: ObservedProduct, point: string): Promise<string> {
  const { restarts } = on.child('dialer')
  on.crashNextDialerAt(point)
  on.signal('dialer', 'SIGKILL')
  await eventually(`the dialer dies ${point}`, async () => on.child('dialer').restarts, (now) => now >= restarts + 2, 45_000)
  const died = performance.now()
  await on.dialsOn(10)
  assert.equal(on.child('dialer').restarts, restarts + 2, 'it died once more')
  return `dialling again after ${Math.round(performance.now() - died)} ms`
}

/** A deadline is what this fault is about: nothing but time can bring it. */
const pass = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

async function dialerFrozen(on: ObservedProduct): Promise<string> {
  on.signal('dialer', 'SIGSTOP')
  await pass(LEASE_MS + 2_000)
  on.signal('dialer', 'SIGCONT')
  return `dialling again ${await on.dialsOn(10)} ms after the thaw`
}

async function databaseKilled(on: ObservedProduct): Promise<string> {
  const { pid } = on.product.run().postgres ?? {}
  assert.ok(pid, 'the database is embedded')
  const before = on.child('voice')
  process.kill(pid, 'SIGKILL')
  const ms = await on.dialsOn(10)
  const after = on.child('voice')
  assert.deepEqual([after.pid, after.restarts], [before.pid, before.restarts], 'voice never noticed (P6)')
  return `dialling again after ${ms} ms, voice untouched`
}

interface Partition {
  begin(): void
  end(): void
}
type MakePartition = (second: SecondDialer, wire: Awaited<ReturnType<typeof startTcpProxy>>) => Partition

const freezing: MakePartition = (second) => ({ begin: () => second.signal('SIGSTOP'), end: () => second.signal('SIGCONT') })
const partitioning: MakePartition = (_, wire) => ({ begin: () => wire.change({ cut: true }), end: () => wire.change({ cut: false }) })

async function twoDialers(on: ObservedProduct, make: MakePartition): Promise<string> {
  const wire = await startTcpProxy(new URL(on.databaseUrl).host)
  const second = await startSecondDialer(on, on.databaseUrl.replace(new URL(on.databaseUrl).host, wire.address))
  try {
    await eventually('the slots are shared', () => slotsOf(on, second.id), (slots) => slots.length === SLOTS / 2, 30_000)
    await on.dialsOn(10, second.id)
    const { begin, end } = make(second, wire)
    begin()
    const began = performance.now()
    await eventually('the other takes its slots', () => slotsOf(on, second.id), (slots) => slots.length === 0, 30_000)
    const takenMs = Math.round(performance.now() - began)
    const [[clock], taken] = await Promise.all([on.query<{ now: Date }>('select now()'), on.query<{ slot: number; token: number }>('select slot, token::int as token from dialer.slot')])
    await on.dialsOn(10)
    end()
    const healed = performance.now()
    await eventually('it has its share again', () => slotsOf(on, second.id), (slots) => slots.length === SLOTS / 2, 30_000)
    const sharedMs = Math.round(performance.now() - healed)
    await on.dialsOn(10, second.id)
    assert.equal(await attemptsBehind(on, second.id, clock?.now ?? new Date(), taken), 0, 'attempts under a token that was overtaken')
    return `slots taken over after ${takenMs} ms, shared again ${sharedMs} ms after, nothing dialled in between by the loser`
  } finally {
    await second.kill()
    await wire.close()
    await eventually('the slots of the killed one are taken', () => slotsOf(on, second.id), (slots) => slots.length === 0, 30_000)
  }
}

const chosen = FAULTS.filter(({ number, name }) => wanted.only === '' || wanted.only.split(',').some((word) => word === number || name.includes(word)))
const failures: string[] = []
const say = (mark: string, number: string, text: string): void => console.log(`${mark} ${number.padEnd(4)} ${text}`)
const started = performance.now()
const on = await ObservedProduct.start(Number(wanted.customers), mkdtempSync(join(tmpdir(), 'loopline faults ')))
try {
  await on.startCampaign()
  for (const { number, name, strike } of chosen) {
    try {
      say('✓', number, `${name}: ${await strike(on)}`)
    } catch (error) {
      failures.push(number)
      say('✗', number, `${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  await on.comeToRest().catch((error: unknown) => {
    failures.push('rest')
    say('✗', 'rest', String(error))
  })
  const { calls, doubleDials, lostOutcomes, unknownOutcomes, findings } = judgeContacts(on.carrierCalls(), await on.attempts(), CAP)
  for (const finding of findings.slice(0, 30)) console.log(`  ✗ ${finding}`)
  // Voice was never killed here: nothing can have hidden an end.
  if (doubleDials + lostOutcomes + unknownOutcomes > 0) failures.push('P1–P3')
  console.log(JSON.stringify({ bench: 'faults', seconds: Math.round((performance.now() - started) / 1_000), faults: chosen.length, failures, calls, doubleDials, lostOutcomes, unknownOutcomes }))
  if (failures.length > 0) console.log(on.product.output().split('\n').slice(-40).join('\n'))
} finally {
  await on.product.drop()
}
process.exit(failures.length === 0 ? 0 : 1)
