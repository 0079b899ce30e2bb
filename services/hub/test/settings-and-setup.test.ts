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
