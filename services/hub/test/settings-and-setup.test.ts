import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, PASSWORD, hubUnderTest } from './hub-under-test.ts'
import type { HubUnderTest, Refused } from './hub-under-test.ts'

let under: HubUnderTest
beforeAll(async () => { under = await hubUnderTest() })
afterAll(() => under.close())

const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

test('the first start gives a link that makes one admin, once', async () => {
  const stale = (await under.hub.setupUrl()) as string
  const link = (await under.hub.setupUrl()) as string
  const browser = new Browser(under.hub.url)
  const path = link.slice(under.hub.url.length)
  expect((await browser.ask('GET', stale.slice(under.hub.url.length))).status).toBe(410)
  expect((await browser.ask('GET', '/setup?token=guess')).code).toBe('SETUP_LINK_INVALID')
  const page = await browser.ask('GET', path)
  const token = path.slice('/setup?token='.length)
  expect(page.text).toContain(`value="${token}"`)
  expect(JSON.stringify(await under.db.sql`select l::text as row from hub.setup_link l`)).not.toContain(token)
  const admin = { token, username: 'boss', name: '老板', password: PASSWORD }
  browser.origin = 'https://evil.example'
  expect((await browser.ask('POST', '/setup', form(admin), FORM)).status).toBe(403)
  browser.origin = under.hub.url
  expect((await browser.ask('POST', '/setup', form({ ...admin, password: 'short' }), FORM)).status).toBe(400)
  const done = await browser.ask('POST', '/setup', form(admin), FORM)
  expect([done.status, done.headers.get('location')]).toEqual([303, '/'])
  expect((await browser.ask('POST', '/setup', form({ ...admin, username: 'second' }), FORM)).status).toBe(410)
  expect(await under.hub.setupUrl()).toBeNull()
  await browser.signIn('boss')
  expect((await browser.ask('GET', '/api/hub/me')).json()).toMatchObject({ name: '老板', role: 'admin' })
})

test('of two people who change a setting one wins and the other sees the current row; the change is an event', async () => {
  const browser = new Browser(under.hub.url)
  await browser.signIn('boss')
  expect((await browser.ask('GET', '/api/hub/settings/callee-clock')).json()).toEqual({ version: 1, offsetMs: 0 })
  const edit = { version: 1, offsetMs: 3_600_000 }
  const answers = await Promise.all([browser.ask('PUT', '/api/hub/settings/callee-clock', edit), browser.ask('PUT', '/api/hub/settings/callee-clock', edit)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  const lost = answers.find(({ status }) => status === 409)
  expect(lost?.json<Refused>().error).toMatchObject({ code: 'VERSION_CONFLICT', details: { version: 2, value: { offsetMs: 3_600_000 } } })
  await expect.poll(() => under.db.sql`select body::jsonb -> 'data' as data from log.event where topic = 'hub.setting' order by partition, "offset"`)
    .toContainEqual({ data: { key: 'callee-clock', version: 2, value: { offsetMs: 3_600_000 } } })
})

test('law packs: what changed becomes a new version of its pack and is audited; nonsense is refused', async () => {
  const browser = new Browser(under.hub.url)
  await browser.signIn('boss')
  interface Packs { version: number; packs: { id: string; version: number; attemptsPerDayMax: number; places: { zones: string[] } }[]; defaults: unknown[] }
  const before = (await browser.ask('GET', '/api/hub/settings/law-packs')).json<Packs>()
  expect(before.packs.map(({ id, version }) => `${id}@${version}`)).toEqual(['cn-default@1', 'us-tsr@1', 'us-florida@1', 'uk-voluntary@1', 'eu-default@1'])
  const packs = before.packs.filter(({ id }) => id !== 'eu-default').map((pack) => (pack.id === 'cn-default' ? { ...pack, version: 77, attemptsPerDayMax: 2 } : pack))
  const after = (await browser.ask('PUT', '/api/hub/settings/law-packs', { version: before.version, packs })).json<Packs>()
  expect(after.packs.map(({ id, version }) => `${id}@${version}`)).toEqual(['cn-default@2', 'us-tsr@1', 'us-florida@1', 'uk-voluntary@1'])
  expect((await browser.ask('PUT', '/api/hub/settings/law-packs', { version: before.version, packs })).code).toBe('VERSION_CONFLICT')
  const [first] = after.packs as [Packs['packs'][number]]
  const edit = (changes: object) => browser.ask('PUT', '/api/hub/settings/law-packs', { version: after.version, packs: [{ ...first, ...changes }] })
  expect((await edit({ places: { prefixes: [], zones: ['Mars/Olympus'] } })).code).toBe('LAW_PACK_ZONE_UNKNOWN')
  expect((await edit({ hours: [{ fromMinute: 600, toMinute: 500 }] })).code).toBe('INVALID_REQUEST')
  expect((await edit({ caps: [{ windowMs: 60_000, max: 21 }] })).code).toBe('INVALID_REQUEST')
  expect((await browser.ask('PUT', '/api/hub/settings/law-packs', { version: after.version, packs: [] })).code).toBe('INVALID_REQUEST')
  const [audited] = await under.db.sql<{ details: unknown }>`select details::json as details from hub.audit where action = 'edit-law-packs'`
  expect(audited?.details).toMatchObject({ removed: ['eu-default'], changed: [{ id: 'cn-default', version: 2, before: { attemptsPerDayMax: 3 }, after: { attemptsPerDayMax: 2 } }] })
})

test('outside demo and tests nobody shifts the callee clock', async () => {
  const real = await hubUnderTest({ CALLEE_CLOCK_SETTABLE: 'false' })
  try {
    await real.hub.ensureUser({ username: 'admin', name: '管理员', password: PASSWORD, role: 'admin' })
    const browser = new Browser(real.hub.url)
    await browser.signIn('admin')
    expect((await browser.ask('PUT', '/api/hub/settings/callee-clock', { version: 1, offsetMs: 1 })).code).toBe('CALLEE_CLOCK_FIXED')
  } finally {
    await real.close()
  }
})

test('people are announced, and the same person is made once', async () => {
  const first = await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent', teamName: '一组', skills: ['senior'] })
  expect(await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent' })).toBe(first)
  await expect.poll(() => under.db.sql`select body::jsonb -> 'data' as data from log.event where topic = 'hub.user' and key = ${first}`)
    .toEqual([{ data: { userId: first, version: 1, name: '王芳', role: 'agent', teamId: expect.any(String), skills: ['senior'], active: true } }])
})
