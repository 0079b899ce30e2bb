/** Two steps to come in, what a person sees of it, and how an end is put to sessions. Codes are made as RFC 6238 says, by nothing of the product. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, PASSWORD, hubUnderTest } from './hub-under-test.ts'
import type { HubUnderTest } from './hub-under-test.ts'

let under: HubUnderTest
let serial = 0
beforeAll(async () => {
  under = await hubUnderTest()
  await under.hub.ensureUser({ username: 'admin', name: '管理员', password: PASSWORD, role: 'admin' })
})
afterAll(() => under.close())

const browser = (): Browser => new Browser(under.hub.url)

async function newPerson(): Promise<{ username: string; page: Browser }> {
  const username = `person${(serial += 1)}`
  await under.hub.ensureUser({ username, name: username, password: PASSWORD, role: 'agent' })
  const page = browser()
  await page.signIn(username)
  return { username, page }
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 6238 with SHA-1, six digits, half a minute, over RFC 4226 §5.3. */
function codeOf(uri: string, steps = 0): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = [...secret.replaceAll('=', '')].map((letter) => BASE32.indexOf(letter.toUpperCase()).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps))
  const hash = createHmac('sha1', key).update(counter).digest()
  const offset = (hash.at(-1) ?? 0) & 0xf
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

interface Begun {
  uri: string
  codes: string[]
}

async function withAuthenticator(page: Browser): Promise<Begun> {
  const begun = await page.ask('POST', '/api/hub/me/second-factor', { password: PASSWORD })
  expect(begun.status).toBe(200)
  const confirmed = await page.ask('POST', '/api/hub/me/second-factor/confirm', { code: codeOf(begun.json<Begun>().uri) })
  expect([confirmed.status, confirmed.json()]).toEqual([200, { done: true }])
  return begun.json<Begun>()
}

test('a person with an authenticator comes in by password and code, and by neither alone', async () => {
  const { username, page } = await newPerson()
  const { uri } = await withAuthenticator(page)
  expect(decodeURIComponent(uri)).toContain(`Loopline:${username}?`)
  expect((await page.ask('GET', '/api/hub/me')).status).toBe(200)
  const again = browser()
  const first = await again.signIn(username)
  expect(first.json()).toEqual({ done: false, needsCode: true })
  expect((await again.ask('GET', '/api/hub/me')).status).toBe(401)
  const wrong = await again.ask('POST', '/api/auth/two-factor/verify-totp', { code: codeOf(uri, 40) })
  expect([wrong.status, wrong.code]).toEqual([401, 'SECOND_FACTOR_FAILED'])
  const right = await again.ask('POST', '/api/auth/two-factor/verify-totp', { code: codeOf(uri) })
  expect([right.status, right.json()]).toEqual([200, { done: true }])
  expect((await again.ask('GET', '/api/hub/me')).json()).toMatchObject({ name: username })
  const noPassword = await browser().ask('POST', '/api/auth/two-factor/verify-totp', { code: codeOf(uri) })
  expect(noPassword.code).toBe('SECOND_FACTOR_EXPIRED')
  const seen = (await again.ask('GET', '/api/hub/me/sign-ins')).json<{ items: { outcome: string }[] }>()
  expect(seen.items.map(({ outcome }) => outcome)).toEqual(['signed-in', 'wrong-code', 'signed-in'])
})

test('after five wrong codes the password has to be told again', async () => {
  const { username, page } = await newPerson()
  const { uri } = await withAuthenticator(page)
  const other = browser()
  await other.signIn(username)
  for (let tried = 0; tried < 5; tried += 1) expect((await other.ask('POST', '/api/auth/two-factor/verify-totp', { code: codeOf(uri, 50 + tried) })).code).toBe('SECOND_FACTOR_FAILED')
  expect((await other.ask('POST', '/api/auth/two-factor/verify-totp', { code: codeOf(uri) })).code).toBe('SECOND_FACTOR_EXPIRED')
  expect((await other.ask('GET', '/api/hub/me')).status).toBe(401)
})

test('a code on paper lets in once', async () => {
  const { username, page } = await newPerson()
  const { codes } = await withAuthenticator(page)
  expect(codes).toHaveLength(10)
  const [paper] = codes
  const lost = browser()
  await lost.signIn(username)
  expect((await lost.ask('POST', '/api/auth/two-factor/verify-backup-code', { code: paper })).status).toBe(200)
  const second = browser()
  await second.signIn(username)
  expect((await second.ask('POST', '/api/auth/two-factor/verify-backup-code', { code: paper })).code).toBe('SECOND_FACTOR_FAILED')
})

test('an authenticator takes the password, a right code, and ends every session that came in without it', async () => {
  const { username, page } = await newPerson()
  const stolen = browser()
  await stolen.signIn(username)
  expect((await page.ask('POST', '/api/hub/me/second-factor', { password: 'wrong-password' })).code).toBe('PASSWORD_REFUSED')
  const begun = await page.ask('POST', '/api/hub/me/second-factor', { password: PASSWORD })
  expect((await page.ask('POST', '/api/hub/me/second-factor/confirm', { code: '000000' })).code).toBe('SECOND_FACTOR_FAILED')
  expect((await page.ask('GET', '/api/hub/me/second-factor')).json()).toEqual({ inForce: false })
  expect((await browser().signIn(username)).json()).toMatchObject({ needsCode: false })
  await page.ask('POST', '/api/hub/me/second-factor/confirm', { code: codeOf(begun.json<Begun>().uri) })
  expect((await page.ask('GET', '/api/hub/me/second-factor')).json()).toEqual({ inForce: true })
  expect((await stolen.ask('GET', '/api/hub/me')).status).toBe(401)
  expect((await page.ask('POST', '/api/hub/me/second-factor', { password: PASSWORD })).code).toBe('SECOND_FACTOR_IN_USE')
  expect((await page.ask('POST', '/api/hub/me/second-factor/remove', { password: 'wrong-password' })).code).toBe('PASSWORD_REFUSED')
  expect((await page.ask('POST', '/api/hub/me/second-factor/remove', { password: PASSWORD })).status).toBe(200)
  expect((await browser().signIn(username)).json()).toMatchObject({ needsCode: false })
})

test('an admin removes the authenticator of a person who lost it, ends his sessions, and nobody else may', async () => {
  const { username, page } = await newPerson()
  await withAuthenticator(page)
  const { userId } = (await page.ask('GET', '/api/hub/me')).json<{ userId: string }>()
  const admin = browser()
  await admin.signIn('admin')
  expect((await page.ask('POST', `/api/hub/users/${userId}/second-factor/remove`)).code).toBe('FORBIDDEN')
  expect((await page.ask('GET', `/api/hub/users/${userId}/sign-ins`)).code).toBe('FORBIDDEN')
  expect((await admin.ask('GET', `/api/hub/users/${userId}/second-factor`)).json()).toEqual({ inForce: true })
  expect((await admin.ask('POST', `/api/hub/users/${userId}/second-factor/remove`)).status).toBe(200)
  expect((await admin.ask('GET', `/api/hub/users/${userId}/second-factor`)).json()).toEqual({ inForce: false })
  expect((await browser().signIn(username)).json()).toMatchObject({ needsCode: false })
  expect((await admin.ask('POST', `/api/hub/users/${userId}/sessions/end`)).json()).toEqual({ ended: 2 })
  expect((await page.ask('GET', '/api/hub/me')).status).toBe(401)
  const acts = (await admin.ask('GET', '/api/hub/audit?limit=20')).json<{ items: { action: string; subject: string }[] }>().items
  expect(acts.filter(({ subject }) => subject === `user:${userId}`).map(({ action }) => action)).toEqual(expect.arrayContaining(['second-factor-on', 'second-factor-off', 'end-session']))
})

test('a person sees where he is signed in and ends one of them or all others', async () => {
  const { username, page } = await newPerson()
  const [home, office] = [browser(), browser()]
  await home.signIn(username)
  await office.signIn(username)
  const sessions = (await page.ask('GET', '/api/hub/me/sessions')).json<{ items: { sessionId: string; isThis: boolean }[] }>().items
  expect(sessions.map(({ isThis }) => isThis)).toEqual([false, false, true])
  expect((await page.ask('DELETE', `/api/hub/me/sessions/${sessions[0]?.sessionId}`)).json()).toEqual({ ended: 1 })
  expect((await office.ask('GET', '/api/hub/me')).status).toBe(401)
  expect((await home.ask('GET', '/api/hub/me')).status).toBe(200)
  expect((await page.ask('POST', '/api/hub/me/sessions/end-others')).json()).toEqual({ ended: 1 })
  expect((await home.ask('GET', '/api/hub/me')).status).toBe(401)
  expect((await page.ask('GET', '/api/hub/me')).status).toBe(200)
  const other = await newPerson()
  const [theirs] = (await other.page.ask('GET', '/api/hub/me/sessions')).json<{ items: { sessionId: string }[] }>().items
  expect((await page.ask('DELETE', `/api/hub/me/sessions/${theirs?.sessionId}`)).code).toBe('SESSION_NOT_FOUND')
})

test('of half a year ago nobody is told, and with the next sign-in it is forgotten', async () => {
  const { username, page } = await newPerson()
  await under.db.execute`update hub.sign_in set at = now() - interval '181 days' where user_id = (select id from hub.user where username = ${username})`
  await browser().signIn(username)
  expect((await page.ask('GET', '/api/hub/me/sign-ins')).json<{ items: unknown[] }>().items).toHaveLength(1)
})

test('neither secret, code nor token is in the database in clear, and no answer holds a token', async () => {
  const { username, page } = await newPerson()
  const { uri, codes } = await withAuthenticator(page)
  const rows = JSON.stringify(await under.db.sql`select t.* from hub.two_factor t join hub.user u on u.id = t.user_id where u.username = ${username}`)
  expect(rows).not.toContain(new URL(uri).searchParams.get('secret'))
  for (const code of codes) expect(rows).not.toContain(code)
  const again = browser()
  await again.signIn(username)
  const answer = await again.ask('POST', '/api/auth/two-factor/verify-totp', { code: codeOf(uri) })
  expect(answer.json()).toEqual({ done: true })
})

test.each(['/api/auth/two-factor/send-otp', '/api/auth/two-factor/verify-otp', '/api/auth/two-factor/enable', '/api/auth/two-factor/disable', '/api/auth/two-factor/get-totp-uri', '/api/auth/two-factor/generate-backup-codes', '/api/auth/two-factor/view-backup-codes'])('%s of better-auth does not exist here', async (path) => {
  const { page } = await newPerson()
  expect((await page.ask('POST', path, { password: PASSWORD, code: '000000' })).status).toBe(404)
})
