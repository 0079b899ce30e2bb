/** What makes a fresh demo worth looking at: lines to the sandbox carrier and campaigns ready to start. */
import { setTimeout } from 'node:timers/promises'
import type { CalleeClockSetting, SettingChanged } from '@loopline/contracts/setting-event'
import type { EventLog } from '@loopline/event-log/event-log'
import { ensureDemoCustomers } from '@loopline/crm/demo/ensure-demo-customers'
import { signIdentity } from '@loopline/http/identity-token'
import type { Logger } from '@loopline/telemetry/logger'
import { DEMO_PASSWORD, DEMO_PEOPLE } from './demo-data.ts'
import type { Installation } from './installation.ts'

/** Lines of two types on two carriers, so that rules have something to choose from. Both carriers are sandboxes. */
const LINES = [
  { by: 'sandbox', name: '沙箱 4G 线路', type: '4g', carrier: 'Sandbox Mobile', callerIds: ['+8613800000001', '+8613800000002', '+8613800000003'], maxConcurrent: 200, maxPerSecond: 50, weight: 10, tariff: { perMinute: 0.12, currency: 'CNY', firstSeconds: 60, stepSeconds: 60 } },
  { by: 'sandbox-chinese', name: '沙箱 VoIP 线路', type: 'voip', carrier: 'Sandbox Telecom', callerIds: ['+862038880001', '+862038880002'], maxConcurrent: 400, maxPerSecond: 100, weight: 20, tariff: { perMinute: 0.06, currency: 'CNY', firstSeconds: 6, stepSeconds: 6 } },
] as const

/** A pool for each of them, with numbers of the places where the demo's people live. Wide quotas: a demo dials more in an hour than a company. */
const POOL_GROUP = { name: '演示号码组 · Demo pool', quotaHour: 3_000, quotaDay: 30_000, channelsStart: null, channelsMax: null, restHours: 24 }
const POOL = [
  { line: '沙箱 4G 线路', numbers: [['+8613800000011', '广东广州'], ['+8613800000012', '广东深圳'], ['+8613800000013', '北京'], ['+8613800000014', '上海'], ['+8613800000015', '四川成都']] },
  { line: '沙箱 VoIP 线路', numbers: [['+862055500011', ''], ['+8675555500012', ''], ['+861055500013', ''], ['+862155500014', ''], ['+8657155500015', ''], ['+862555500016', ''], ['+862755500017', ''], ['+8653155500018', '']] },
] as const

const CAMPAIGNS = [
  {
    // Twenty seconds of ringing and talking at 5 calls a second is 100 calls at once.
    name: '老客户回访 · Returning customers', ratePerSecond: 5, maxConcurrent: 120, ringTimeMs: 30_000, hangUpAfterMs: 12_000,
    audience: { combinator: 'and', rules: [{ field: 'status', operator: 'in', value: ['new', 'following', 'interested'] }, { field: 'marketingConsent', operator: '=', value: 'granted' }] },
  },
  {
    name: 'A 级优先 · A level first', ratePerSecond: 2, maxConcurrent: 20, ringTimeMs: 30_000, hangUpAfterMs: 12_000,
    audience: { combinator: 'and', rules: [{ field: 'level', operator: '=', value: 'A' }] },
  },
  {
    // Started with somebody signed on, it shows an agent at work: the customer's story, then his voice.
    name: '坐席外呼 · Agents at work', mode: 'progressive', ratePerSecond: 1, maxConcurrent: 10, ringTimeMs: 30_000, hangUpAfterMs: null, wrapUpMs: 60_000,
    audience: { combinator: 'and', rules: [{ field: 'level', operator: '=', value: 'B' }, { field: 'status', operator: 'in', value: ['new', 'following', 'interested'] }] },
  },
  {
    // With two or three signed on it shows calls placed ahead for agents about to be free, and what abandonment that costs.
    name: '预测外呼 · Predictive', mode: 'predictive', ratePerSecond: 2, maxConcurrent: 40, ringTimeMs: 30_000, hangUpAfterMs: null, wrapUpMs: 20_000,
    audience: { combinator: 'and', rules: [{ field: 'level', operator: '=', value: 'C' }, { field: 'status', operator: 'in', value: ['new', 'following', 'interested'] }] },
  },
]

/** Where there is no crm, people are entered by API. */
const CAMPAIGNS_ALONE = [{ name: '接口名单 · Entries by API', ratePerSecond: 5, maxConcurrent: 40, ringTimeMs: 30_000, hangUpAfterMs: 12_000, audience: null }]

export interface DemoWishes {
  customers: number
  log: Logger
}

export async function prepareDemo(installation: Installation, { customers, log }: DemoWishes): Promise<void> {
  const { told, toldBy, identityKey, databaseUrl, keys } = installation
  if (told['crm'] !== undefined && customers > 0) await ensureDemoCustomers({ databaseUrl, keys, log, customers })
  const dialer = told['dialer']
  if (typeof dialer !== 'string') return
  const token = await signIdentity(identityKey, { sub: 'service:demo', role: 'admin', name: 'Demo', teamId: null })
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${dialer}${path}`, {
      method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`the demo could not be prepared: ${method} ${path} answered ${response.status} ${await response.text()}`)
    return (await response.json()) as Answer
  }
  if (told['voice'] !== undefined) {
    await ensureLines(call, (carrier) => String(toldBy(carrier)['sip']))
    await ensurePool(call)
    await untilLinesAreKnown(call)
  }
  const { items } = await call<{ items: { name: string }[] }>('GET', '/campaigns')
  for (const campaign of told['crm'] === undefined ? CAMPAIGNS_ALONE : CAMPAIGNS) {
    if (!items.some((item) => item.name === campaign.name)) await call('POST', '/campaigns', campaign)
  }
}

type Call = <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>

/** The sandboxes may listen elsewhere at each start: the lines follow it. */
async function ensureLines(call: Call, addressOf: (carrier: string) => string): Promise<void> {
  const existing = await call<{ items: { lineId: string; version: number; name: string; remote: string }[] }>('GET', '/lines')
  for (const { by, ...line } of LINES) {
    const remote = addressOf(by)
    const found = existing.items.find((item) => item.name === line.name)
    if (!found) await call('POST', '/lines', { ...line, remote, sandbox: true })
    else if (found.remote !== remote) await call('PATCH', `/lines/${found.lineId}`, { version: found.version, remote })
  }
}

/** Numbers that are in the pool already stay as they are. */
async function ensurePool(call: Call): Promise<void> {
  const { items: lines } = await call<{ items: { lineId: string; name: string }[] }>('GET', '/lines')
  const { items: groups } = await call<{ items: { groupId: string; name: string }[] }>('GET', '/caller-id-groups')
  const { groupId } = groups.find(({ name }) => name === POOL_GROUP.name) ?? (await call<{ groupId: string }>('POST', '/caller-id-groups', POOL_GROUP))
  for (const { line, numbers } of POOL) {
    const lineIds = lines.filter(({ name }) => name === line).map(({ lineId }) => lineId)
    if (lineIds.length > 0) await call('POST', '/caller-ids', { lineIds, groupId, proof: '沙箱号码 · sandbox number', numbers: numbers.map(([number, region]) => ({ number, region })) })
  }
}

/** Ready means that a call can be made now; a carrier that says nothing is nobody's reason to wait longer. */
async function untilLinesAreKnown(call: Call): Promise<void> {
  const until = performance.now() + LINES_KNOWN_WITHIN_MS
  while (performance.now() < until) {
    const { items } = await call<{ items: { state: string }[] }>('GET', '/lines')
    if (items.every(({ state }) => state !== 'probing' && state !== 'unknown')) return
    await setTimeout(ASK_EVERY_MS)
  }
}
const LINES_KNOWN_WITHIN_MS = 8_000
const ASK_EVERY_MS = 50

/** What a newcomer reads. */
export function demoGreeting(address: string): string {
  const people = DEMO_PEOPLE.filter(({ username }) => !/\d/.test(username)).map(({ username, name, role }) => `  ${username.padEnd(11)} ${DEMO_PASSWORD}   ${role} · ${name}`)
  return `\nOpen ${address}\n\n  sign-in     password        who\n${people.join('\n')}\n\nOpen a campaign and press start. Everybody who answers lives in the sandbox carrier: no real phone rings.\nCtrl-C stops everything.\n`
}

/** Whoever shifts the callee clock in the console shifts the hours at which the sandbox's people answer, where there are any. */
export function followCalleeClock(installation: Pick<Installation, 'toldBy'>, eventLog: Pick<EventLog, 'tail'>): void {
  eventLog.tail<SettingChanged>({
    topics: ['hub.setting'],
    async onEvents(events) {
      for (const { event } of events) {
        if (event.data.key !== 'callee-clock') continue
        const { offsetMs: calleeOffsetMs } = event.data.value as CalleeClockSetting
        const controls = ['sandbox', 'sandbox-chinese'].map((name) => installation.toldBy(name)['control']).filter((control) => typeof control === 'string')
        await Promise.all(controls.map((control) => fetch(`${control}/settings`, { method: 'PUT', body: JSON.stringify({ calleeOffsetMs }) })))
      }
    },
  })
}
