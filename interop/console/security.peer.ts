/**
 * Two-step sign-in as a person meets it, in a real Chromium: turned on with an authenticator, asked for at the next sign-in, seen by
 * the person and by an admin, and lost and turned off again. Codes are made as RFC 6238 says, from the key that the page shows.
 */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startProduct, DEMO_PASSWORD } from '../product.ts'
import { hindrancesHere } from './accessibility.ts'
import { Office } from './browser.ts'

const began = performance.now()
const say = (what: string): void => console.log(`ok ${what} (${Math.round((performance.now() - began) / 1_000)} s)`)
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 6238 with SHA-1, six digits and half a minute, over RFC 4226 §5.3. */
function codeOf(secret: string): string {
  const bits = [...secret].map((letter) => BASE32.indexOf(letter.toUpperCase()).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const hash = createHmac('sha1', key).update(counter).digest()
  return String((hash.readUInt32BE((hash.at(-1) ?? 0) & 0xf) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** @returns the key that the page shows, and the codes on paper. */
async function turnOn(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.goto('/settings')
  await page.getByRole('button', { name: '开启两步验证' }).click()
  await page.locator('#factor-password').fill('not my password')
  await page.keyboard.press('Enter')
  await page.getByText('当前密码不对').waitFor()
  await page.locator('#factor-password').fill(DEMO_PASSWORD)
  await page.keyboard.press('Enter')
  const form = page.locator('form', { has: page.locator('#factor-code') })
  const secret = (await form.locator('code').first().textContent()) ?? ''
  const codes = await form.locator('ul code').allTextContents()
  assert.equal(codes.length, 10)
  assert.deepEqual(await hindrancesHere(page, 'turning on two-step sign-in'), [])
  if (process.argv[2] === '--pictures') await page.screenshot({ path: join(tmpdir(), 'second-factor.png'), fullPage: true })
  await page.locator('#factor-code').fill(codeOf(secret))
  await page.keyboard.press('Enter')
  await page.getByText('● 已开启').waitFor()
  return { secret, codes }
}

async function password(page: Page, username: string): Promise<void> {
  await page.locator('#username').fill(username)
  await page.locator('#password').fill(DEMO_PASSWORD)
  await page.keyboard.press('Enter')
}

const product = await startProduct({ env: { DEMO_CUSTOMERS: '20' } })
const office = await Office.open(product.address)
try {
  const desk = await office.seat('supervisor')
  const { secret, codes } = await turnOn(desk.page)
  await desk.page.getByText('本次登录').waitFor()
  await desk.page.getByRole('table', { name: '最近登录' }).getByRole('cell', { name: '成功' }).first().waitFor()
  assert.deepEqual(await hindrancesHere(desk.page, 'my account'), [])
  say('a lead turns on two-step sign-in, and sees where she is signed in')

  const stranger = await office.door('stranger')
  await password(stranger.page, 'supervisor')
  await stranger.page.locator('#code').waitFor()
  assert.deepEqual(await hindrancesHere(stranger.page, 'the code'), [])
  await stranger.page.locator('#code').fill('000000')
  await stranger.page.keyboard.press('Enter')
  await stranger.page.getByText('动态码不正确').waitFor()
  await stranger.page.locator('#code').fill(codeOf(secret))
  await stranger.page.keyboard.press('Enter')
  await stranger.page.locator('nav .place').first().waitFor()
  say('the password alone lets nobody in, and the digits do')

  const lost = await office.door('without a telephone')
  await password(lost.page, 'supervisor')
  await lost.page.getByRole('button', { name: '使用备用码' }).click()
  await lost.page.locator('#code').fill(codes[0] ?? '')
  await lost.page.keyboard.press('Enter')
  await lost.page.locator('nav .place').first().waitFor()
  await desk.page.reload()
  await desk.page.getByText('有人用正确的密码尝试登录').waitFor()
  await desk.page.getByRole('button', { name: '退出其他所有设备' }).click()
  await desk.page.getByText('已退出 2 处登录').waitFor()
  await lost.page.goto('/customers')
  await lost.page.locator('#username').waitFor()
  say('a code on paper lets in, and all other places are signed out at a press')

  const admin = await office.seat('admin')
  await admin.page.goto('/settings?section=people')
  await admin.page.getByRole('row', { name: /supervisor/ }).getByRole('button', { name: '登录安全' }).click()
  await admin.page.getByRole('cell', { name: '密码正确，动态码错误' }).waitFor()
  await admin.page.getByRole('button', { name: '关闭两步验证（手机丢失）' }).click()
  await admin.page.locator('.ant-popconfirm').getByRole('button').last().click()
  await admin.page.getByText('两步验证已关闭').waitFor()
  await admin.page.getByText('○ 未开启').waitFor()
  assert.deepEqual(await hindrancesHere(admin.page, 'how somebody signs in'), [])
  const back = await office.door('back')
  await password(back.page, 'supervisor')
  await back.page.locator('nav .place').first().waitFor()
  say('an admin sees it all and turns it off for whoever lost her telephone')
  assert.deepEqual(office.faults, [], 'no page failed, asked anybody else, or ran what it should not')
} catch (error) {
  await office.pictures(join(tmpdir(), 'loopline-security-failed'))
  console.error([String(error), `what was on the screens: ${tmpdir()}/loopline-security-failed-*.png`, ...office.faults, ...product.output().split('\n').slice(-20)].join('\n'))
  process.exitCode = 1
} finally {
  await office.close()
  await product.drop()
}
