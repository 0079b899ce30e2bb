import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { systemClock, virtualClock } from '@loopline/clock/clock'
import { silentLogger } from '@loopline/telemetry/logger'
import { checkpointOf, extendChain, rowHash } from '../audit/audit-chain.ts'
import type { AuditEntry } from '../audit/audit-chain.ts'
import { createAuditWriter } from '../audit/audit-writer.ts'
import { startHeadFile } from '../audit/head-file.ts'
import { verifyAudit } from '../audit/verify-audit.ts'
import { Browser, PASSWORD, hubUnderTest } from './hub-under-test.ts'
import type { HubUnderTest } from './hub-under-test.ts'

let under: HubUnderTest
beforeAll(async () => {
  under = await hubUnderTest()
  await under.hub.ensureUser({ username: 'audit', name: '审计', password: PASSWORD, role: 'auditor' })
  await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent' })
})
afterAll(() => under.close())

const entry = (number: number): AuditEntry => ({ actorId: 'someone', actorName: '某人', role: 'agent', action: 'reveal-phone', subject: `customer:${number}`, details: { number, 'b': 1, 'a': '中文' }, address: '127.0.0.1' })
const head = { day: '2026-01-01', seq: 3, hash: Buffer.alloc(32, 7) }

test('a day begins its own count and continues the chain; time never goes back', () => {
  const [first, second] = extendChain(head, [entry(1), entry(2)], Date.UTC(2026, 0, 2))
  expect([first?.day, first?.seq, second?.seq]).toEqual(['2026-01-02', 1, 2])
  expect(first && rowHash(head.hash, first)).toEqual(first?.hash)
  expect(extendChain(head, [entry(1)], Date.UTC(2025, 11, 31))[0]).toMatchObject({ day: '2026-01-01', seq: 4 })
})

test('entries asked for at once are all committed in order, in few transactions', async () => {
  const writer = createAuditWriter({ db: under.db, clock: systemClock, log: silentLogger() })
  await Promise.all(Array.from({ length: 500 }, (_, number) => writer.record(entry(number))))
  const [row] = await under.db.sql<{ rows: number; transactions: number }>`
    select count(*) as rows, count(distinct xmin::text) as transactions from hub.audit where action = 'reveal-phone'`
  expect(row?.rows).toBe(500)
  expect(row?.transactions).toBeLessThan(10)
  expect((await under.hub.verifyAudit()).findings).toEqual([])
})

test('two writers share one chain', async () => {
  const writers = [0, 1].map(() => createAuditWriter({ db: under.db, clock: systemClock, log: silentLogger() }))
  await Promise.all(Array.from({ length: 40 }, async (_, number) => writers[number % 2]?.record(entry(number))))
  expect((await under.hub.verifyAudit()).findings).toEqual([])
})

test('when the entry cannot be committed, the act is told so', async () => {
  await under.db.execute`alter table hub.audit rename to audit_away`
  const writer = createAuditWriter({ db: under.db, clock: systemClock, log: silentLogger() })
  await expect(writer.record(entry(1))).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' })
  await under.db.execute`alter table hub.audit_away rename to audit`
  await writer.record(entry(2))
})

test('auditors page through the trail, others may not; looking leaves a trace', async () => {
  const auditor = new Browser(under.hub.url)
  await auditor.signIn('audit')
  const found: number[] = []
  let cursor = ''
  do {
    const page = (await auditor.ask('GET', `/api/hub/audit?action=reveal-phone&actorId=someone&limit=200${cursor}`)).json<{ items: { seq: number }[]; next: string | null }>()
    found.push(...page.items.map(({ seq }) => seq))
    cursor = page.next === null ? '' : `&cursor=${page.next}`
  } while (cursor !== '')
  expect(found.length).toBeGreaterThanOrEqual(541)
  expect(found).toEqual([...new Set(found)].sort((a, b) => b - a))
  expect((await auditor.ask('GET', '/api/hub/audit?cursor=x')).status).toBe(400)
  expect((await auditor.ask('GET', '/api/hub/audit?action=read-audit')).json<{ items: unknown[] }>().items).not.toHaveLength(0)
  const agent = new Browser(under.hub.url)
  await agent.signIn('wang')
  expect((await agent.ask('GET', '/api/hub/audit')).status).toBe(403)
})

describeTampering()

function describeTampering(): void {
  const verify = () => verifyAudit(under.db, { key: under.keys.signingKey('audit-head'), dir: under.auditDir })
  const last = async (): Promise<{ day: string; seq: number; hash: Buffer }> => (await under.db.sql<{ day: string; seq: number; hash: Buffer }>`select day, seq, hash from hub.audit order by day desc, seq desc limit 1`)[0] as never

  beforeEach(async () => {
    await under.db.execute`drop table if exists kept`
    await under.db.execute`create table kept as select * from hub.audit`
  })

  const cases: { name: string; tamper: () => Promise<unknown>; finding: RegExp }[] = [
    { name: 'an edited row', tamper: () => under.db.execute`update hub.audit set subject = 'customer:other' where seq = 20`, finding: /20 does not follow/ },
    { name: 'a row removed from the middle', tamper: () => under.db.execute`delete from hub.audit where seq = 30`, finding: /rows before .*31 are missing/ },
    { name: 'a tail cut off', tamper: () => under.db.execute`delete from hub.audit where seq > 40`, finding: /signed outside and are gone/ },
    {
      name: 'a tail cut off with the head set back',
      tamper: async () => {
        await under.db.execute`delete from hub.audit where seq > 40`
        const end = await last()
        await under.db.execute`update hub.audit_head set seq = ${end.seq}, hash = ${end.hash}`
      },
      finding: /signed outside and are gone/,
    },
    {
      name: 'a tail cut off and written anew',
      tamper: async () => {
        const before = await last()
        await under.db.execute`delete from hub.audit where seq > 40`
        const end = await last()
        await under.db.execute`update hub.audit_head set seq = ${end.seq}, hash = ${end.hash}`
        const writer = createAuditWriter({ db: under.db, clock: virtualClock(Date.parse(`${end.day}T12:00:00Z`)), log: silentLogger() })
        await writer.recordAll(Array.from({ length: before.seq - end.seq + 5 }, (_, number) => entry(number)))
      },
      finding: /is not what was signed outside/,
    },
  ]
  test.each(cases)('$name is found', async ({ tamper, finding }) => {
    const heads = startHeadFile({ db: under.db, key: under.keys.signingKey('audit-head'), clock: systemClock, dir: under.auditDir, log: silentLogger() })
    await heads.stop()
    expect((await verify()).findings).toEqual([])
    await tamper()
    expect((await verify()).findings.join('\n')).toMatch(finding)
    await under.db.execute`delete from hub.audit`
    await under.db.execute`insert into hub.audit select * from kept`
    const end = await last()
    await under.db.execute`update hub.audit_head set day = ${end.day}, seq = ${end.seq}, hash = ${end.hash}`
    expect((await verify()).findings).toEqual([])
  })

  test('a head outside that we did not sign is found', async () => {
    const file = join(under.auditDir, 'audit-heads.ndjson')
    const text = readFileSync(file, 'utf8')
    const forged = { ...checkpointOf(under.keys.signingKey('webhook'), await last(), 1) }
    writeFileSync(file, `${text}${JSON.stringify(forged)}\n`)
    expect((await verify()).findings.join()).toContain('is forged')
    writeFileSync(file, text)
  })
}
