/** Several carriers go bad in different ways while a campaign runs: over real SIP, by the whole product, judged by the carriers' own logs. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCarrierLog } from '../chaos/carrier-log.ts'
import { judge } from '../chaos/judge.ts'
import { importCsv, startCampaign, steer, type Campaign } from '../loop/office.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { startExtraCarrier, type ExtraCarrier } from './sandbox-carrier.ts'

/** How each goes bad; the first two stay good. */
const TROUBLES: Readonly<Record<string, Readonly<Record<string, number | boolean>> | null>> = {
  good: null, fine: null, overloaded: { answer503Percent: 100 }, slow: { postDialMs: 4_000 }, answering: { falseAnswers: true }, silent: { silent: true }, lossy: { lossPercent: 45 },
}
const names = Object.keys(TROUBLES)
const bad = names.filter((name) => TROUBLES[name] !== null)
const PEOPLE = 1_500

let product: Product
let office: Session
const carriers = new Map<string, ExtraCarrier>()
const lineIds = new Map<string, string>()

beforeAll(async () => {
  product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12', LOG_FORMAT: 'text' } })
  office = await product.signIn('admin')
  // A third of the times of life: rings of seconds, talks longer than a false answer's.
  for (const name of names) carriers.set(name, await startExtraCarrier({ CARRIER_PROFILE: 'standard', CARRIER_TIME_SCALE: '0.3', CARRIER_SEED: '7' }))
  for (const [name, { sip }] of carriers) {
    const { lineId } = await office.post<{ lineId: string }>('/api/dialer/lines', { name, type: 'voip', remote: sip, callerIds: ['+862038880001'], maxConcurrent: 300, maxPerSecond: 50, sandbox: true })
    lineIds.set(name, lineId)
  }
  await importCsv(office, Array.from({ length: PEOPLE }, (_, index) => `客户 ${index},+86138126${String(index).padStart(5, '0')},lines`))
}, 120_000)

afterAll(async () => {
  await product?.drop()
  for (const carrier of carriers.values()) carrier.stop()
})

interface Quality { lineId: string; circuit: { state: string; reason: string | null }; alarms: { kind: string }[] }
interface Call { attemptId: string; customerId: string; outcome: string | null; legs: { lineName: string }[] }

async function allCalls({ campaignId }: Campaign): Promise<Call[]> {
  const calls: Call[] = []
  for (let cursor = ''; ;) {
    const page = await office.get<{ items: Call[]; next: string | null }>(`/api/dialer/attempts?campaignId=${campaignId}&limit=200${cursor && `&cursor=${cursor}`}`)
    calls.push(...page.items)
    if (page.next === null) return calls
    cursor = page.next
  }
}

/** INVITEs to a carrier from an instant on, within so many milliseconds. */
const invitesIn = (name: string, from: number, ms: number): number => (carriers.get(name)?.invitedAt() ?? []).filter((at) => at >= from && at < from + ms).length

test('traffic leaves each bad line, nobody is called twice, no outcome is lost, and the good ones are not blamed', async () => {
  const campaign = await startCampaign(office, 'lines', { lineIds: [...lineIds.values()], ratePerSecond: 60, maxConcurrent: 1_000, hangUpAfterMs: 8_000, ringTimeMs: 8_000, retry: { maxAttempts: 1, afterMinutes: {} } })
  await eventually('every line has called enough to be known', async () => names.map((name) => invitesIn(name, 0, Infinity)), (counts) => counts.every((count) => count >= 60), 60_000)
  const struckAt = Date.now()
  await Promise.all(bad.map(async (name) => { await carriers.get(name)?.misbehave(TROUBLES[name] ?? {}) }))

  const look = async (): Promise<{ items: Quality[]; down: ReadonlySet<string> }> => {
    const [{ items }, lines] = await Promise.all([office.get<{ items: Quality[] }>('/api/dialer/lines/quality'), office.get<{ items: { lineId: string; state: string }[] }>('/api/dialer/lines')])
    return { items: items.map(({ lineId, circuit, alarms }) => ({ lineId, circuit, alarms })), down: new Set(lines.items.filter(({ state }) => state === 'down' || state === 'tripped').map(({ lineId }) => lineId)) }
  }
  const isLeft = ({ lineId, circuit, alarms }: Quality, down: ReadonlySet<string>): boolean => circuit.state !== 'closed' || alarms.length > 0 || down.has(lineId)
  const leftAt = new Map<string, number>()
  const left = await eventually('each bad line is left, and says why', async () => {
    const seen = await look()
    for (const name of bad) if (!leftAt.has(name) && isLeft(seen.items.find((one) => one.lineId === lineIds.get(name)) as Quality, seen.down)) leftAt.set(name, Date.now() - struckAt)
    return seen
  }, () => leftAt.size === bad.length, 40_000).catch((error: unknown) => { throw new Error(`left so far: ${JSON.stringify([...leftAt])}`, { cause: error }) })
  const of = (name: string): Quality => left.items.find(({ lineId }) => lineId === lineIds.get(name)) as Quality
  // By its circuit, or tripped where calls that rang before came between its failures.
  if (!left.down.has(lineIds.get('overloaded') ?? '')) expect(of('overloaded').circuit.reason).toBe('carrier-overloaded: 503')
  expect(of('answering').alarms.map(({ kind }) => kind)).toContain('more-short-calls')
  expect(of('slow').alarms.map(({ kind }) => kind)).toContain('slower-ringing')
  expect(of('lossy').alarms.map(({ kind }) => kind).some((kind) => kind === 'lost-datagrams' || kind === 'slower-ringing')).toBe(true)
  expect([of('good').alarms, of('fine').alarms]).toEqual([[], []])

  const calls = await eventually('everybody has been called, and every call has its outcome', () => allCalls(campaign), (all) => new Set(all.map(({ customerId }) => customerId)).size === PEOPLE && all.every(({ outcome }) => outcome !== null), 120_000)
  await steer(office, campaign, 'stop')
  // Of the calls that a bad line had failed before anything rang, others took over.
  expect(calls.filter(({ legs }) => legs.length > 0).length).toBeGreaterThan(0)
  // Of all calls from then on, beside those few that try whether it is well again.
  const shareOf = (name: string): number => {
    const from = struckAt + (leftAt.get(name) ?? 0) + 1_000
    const all = names.reduce((sum, other) => sum + invitesIn(other, from, Infinity), 0)
    return invitesIn(name, from, Infinity) / Math.max(1, all)
  }
  console.log(`lines: left after ${[...leftAt].map(([name, ms]) => `${name} ${ms} ms (then ${(shareOf(name) * 100).toFixed(1)} % of calls)`).join(', ')}; ${calls.filter(({ legs }) => legs.length > 0).length} of ${calls.length} calls went on over another line`)
  for (const name of bad) expect(shareOf(name), name).toBeLessThan(0.08)
  // A carrier that says nothing keeps a call on its books for as long as it likes: no phone rang for it.
  const wire = [...carriers].flatMap(([name, { logFile }]) => readCarrierLog(logFile).map((call) => ({ ...call, endedAt: call.finalStatus === null && name === 'silent' ? call.invitedAt : call.endedAt })))
  const verdict = judge(wire, calls.map(({ attemptId, customerId, outcome }) => ({ id: attemptId, customerId, outcome, timelineItems: 1, epoch: null })), 3)
  expect(verdict.findings).toEqual([])
  expect(calls.filter(({ outcome }) => outcome === 'unknown')).toEqual([])
}, 240_000)
