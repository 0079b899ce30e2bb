import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, PASSWORD, hubUnderTest } from './hub-under-test.ts'
import type { HubUnderTest, Refused } from './hub-under-test.ts'

let under: HubUnderTest
beforeAll(async () => {
  under = await hubUnderTest()
  await under.hub.ensureUser({ username: 'admin', name: '管理员', password: PASSWORD, role: 'admin' })
  await under.hub.ensureUser({ username: 'wang', name: '王芳', password: PASSWORD, role: 'agent', teamName: '一组', skills: ['senior'] })
})
afterAll(() => under.close())

const browser = (): Browser => new Browser(under.hub.url)

test('a person signs in, is known by role and team, and signs out', async () => {
  const page = browser()
  expect((await page.ask('GET', '/api/hub/me')).status).toBe(401)
  const signedIn = await page.signIn('wang')
  expect([signedIn.status, signedIn.json()]).toEqual([200, { done: true, needsCode: false }])
  const cookie = signedIn.headers.getSetCookie().find((value) => value.startsWith('loopline.session_token'))
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Lax/)
  const me = await page.ask('GET', '/api/hub/me')
  expect(me.json()).toMatchObject({ name: '王芳', role: 'agent', can: { 'customer:read': 'own', 'live:watch': 'all' } })
  expect(me.json()).not.toHaveProperty(['can', 'user:edit'])
  expect((await page.ask('GET', '/api/auth/get-session')).json()).toMatchObject({ userId: expect.any(String) })
  expect((await page.ask('POST', '/api/auth/sign-out')).status).toBe(200)
  expect((await page.ask('GET', '/api/hub/me')).status).toBe(401)
})

test('no answer about a session holds its token', async () => {
  const page = browser()
  const token = (await page.signIn('wang')).headers.getSetCookie().join().match(/session_token=([^.;]+)/)?.[1] as string
  expect((await page.ask('GET', '/api/auth/get-session')).text).not.toContain(token)
})

test.each([
  ['POST', '/api/auth/sign-up/email'], ['POST', '/api/auth/sign-in/email'], ['POST', '/api/auth/update-user'], ['POST', '/api/auth/delete-user'],
  ['GET', '/api/auth/list-sessions'], ['GET', '/api/auth/ok'], ['POST', '/api/auth/is-username-available'], ['POST', '/api/auth/request-password-reset'],
])('%s %s of better-auth does not exist here', async (method, path) => {
  expect((await browser().ask(method, path, method === 'POST' ? { username: 'x' } : undefined)).status).toBe(404)
})

test('a wrong password, an unknown and an inactive name are answered alike', async () => {
  await under.hub.ensureUser({ username: 'gone', name: '离职', password: PASSWORD, role: 'agent' })
  await under.db.execute`update hub.user set active = false where username = 'gone'`
  const answers = [await browser().signIn('wang', 'wrong-password'), await browser().signIn('nobody'), await browser().signIn('gone')]
  for (const answer of answers) expect([answer.status, answer.code]).toEqual([401, 'SIGN_IN_FAILED'])
})

test('after five wrong passwords a name is locked, known or not, and says for how long', async () => {
  await under.hub.ensureUser({ username: 'locked', name: '锁', password: PASSWORD, role: 'agent' })
  for (const name of ['locked', 'unknown.person']) {
    for (let tried = 0; tried < 5; tried++) expect((await browser().signIn(name, 'wrong-password')).status).toBe(401)
    const refused = await browser().signIn(name)
    expect([refused.status, refused.code, refused.headers.get('retry-after')]).toEqual([429, 'SIGN_IN_LOCKED', '60'])
  }
  await under.db.execute`update hub.sign_in_failure set locked_until = now() - interval '1 second'`
  expect((await browser().signIn('locked')).status).toBe(200)
})

test('a page of another origin can neither sign in nor change anything', async () => {
  const page = browser()
  for (const origin of ['https://evil.example', 'null', null]) {
    page.origin = origin
    expect((await page.signIn('admin')).code).toBe('ORIGIN_REFUSED')
  }
  page.origin = under.hub.url
  await page.signIn('admin')
  page.origin = 'https://evil.example'
  const change = await page.ask('PUT', '/api/hub/settings/callee-clock', { version: 1, offsetMs: 1 })
  expect([change.status, change.code]).toEqual([403, 'ORIGIN_REFUSED'])
})

test('who is made inactive is out at once, and the last admin cannot be', async () => {
  const admin = browser()
  await admin.signIn('admin')
  const made = await admin.ask('POST', '/api/hub/users', { username: 'li', name: '李强', password: PASSWORD, role: 'supervisor', teamName: '一组', skills: [] })
  expect(made.json()).toMatchObject({ username: 'li', teamName: '一组', version: 1 })
  const li = browser()
  await li.signIn('li')
  expect((await li.ask('GET', '/api/hub/me')).status).toBe(200)
  const { userId } = made.json<{ userId: string }>()
  const edit = { version: 1, name: '李强', role: 'supervisor', teamName: '一组', skills: [], active: false }
  expect((await admin.ask('PUT', `/api/hub/users/${userId}`, edit)).status).toBe(200)
  expect((await li.ask('GET', '/api/hub/me')).status).toBe(401)
  const late = await admin.ask('PUT', `/api/hub/users/${userId}`, edit)
  expect([late.status, late.json<Refused>().error.details]).toMatchObject([409, { version: 2, active: false }])
  const me = (await admin.ask('GET', '/api/hub/me')).json<{ userId: string }>()
  const self = await admin.ask('PUT', `/api/hub/users/${me.userId}`, { ...edit, name: '管理员', role: 'agent', teamName: null, active: true })
  expect(self.code).toBe('LAST_ADMIN')
})

test('a changed password ends the other sessions', async () => {
  await under.hub.ensureUser({ username: 'zhao', name: '赵', password: PASSWORD, role: 'agent' })
  const [here, there] = [browser(), browser()]
  await here.signIn('zhao')
  await there.signIn('zhao')
  expect((await there.ask('GET', '/api/hub/me')).status).toBe(200)
  expect((await here.ask('POST', '/api/auth/change-password', { currentPassword: 'no', newPassword: 'another-password' })).code).toBe('PASSWORD_REFUSED')
  expect((await here.ask('POST', '/api/auth/change-password', { currentPassword: PASSWORD, newPassword: 'another-password' })).status).toBe(200)
  expect((await there.ask('GET', '/api/hub/me')).status).toBe(401)
  expect((await here.ask('GET', '/api/hub/me')).status).toBe(200)
  expect((await browser().signIn('zhao', 'another-password')).status).toBe(200)
})

test('a telephone number typed as a name reaches neither log nor database', async () => {
  await browser().signIn('13900001234', 'wrong-password')
  await browser().ask('GET', '/api/hub/users?phone=+8613900001234')
  expect(under.log()).not.toContain('13900001234')
  const tables = await under.db.sql<{ text: string }>`select a::text as text from hub.audit a union all select f::text from hub.sign_in_failure f`
  expect(tables.map(({ text }) => text).join()).not.toContain('13900001234')
})

test('a database that drops every connection signs nobody out', async () => {
  const page = browser()
  await page.signIn('wang')
  await under.db.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'loopline hub%'`
  const answers: number[] = []
  await expect.poll(async () => {
    const { status } = await page.ask('GET', '/api/auth/get-session')
    answers.push(status, (await page.ask('GET', '/api/hub/me')).status)
    return answers.slice(-2)
  }).toEqual([200, 200])
  expect(answers.filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect((await browser().signIn('wang')).status).toBe(200)
})

test('sign-ins are counted by client address in the database', async () => {
  const strict = await hubUnderTest({ SIGN_INS_PER_MINUTE: 3 })
  try {
    const tries = []
    for (let tried = 0; tried < 5; tried++) {
      const page = new Browser(strict.hub.url)
      tries.push((await page.ask('POST', '/api/auth/sign-in/username', { username: `name${tried}`, password: 'wrong-password' }, { 'x-loopline-client-address': `10.0.0.${tried}`, 'x-forwarded-for': `10.0.0.${tried}` })).status)
    }
    expect(tries).toEqual([401, 401, 401, 429, 429])
    expect(await strict.db.sql`select key from hub.rate_limit`).toEqual([{ key: '127.0.0.1|/sign-in/username' }])
  } finally {
    await strict.close()
  }
})
