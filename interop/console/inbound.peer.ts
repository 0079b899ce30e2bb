/**
 * A customer calls back: over the sandbox's carrier, voice, dialer and crm to the agent in a real Chromium who spoke with him
 * last. The customer's story is on the screen before the voice; Enter takes the call; who finds nobody is called back.
 *
 *   node interop/console/inbound.peer.ts
 */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Carrier } from '../carrier.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { Office } from './browser.ts'
import { share440 } from './tone.ts'

/** Sounds a tone of 440 Hz, whoever called whom. */
const TONE = { name: '测试号码 06', number: '+8613900000006' }

const began = performance.now()
const say = (what: string): void => console.log(`ok ${what} (${Math.round((performance.now() - began) / 1_000)} s)`)

const stateIs = (page: Page, word: string): Promise<void> => page.locator('.my-state', { hasText: word }).waitFor()
const press = (page: Page, name: string): Promise<void> => page.locator('.phone-bar').getByRole('button', { name, exact: true }).click()

async function customerOf(admin: Session, ownerId: string): Promise<string> {
  const condition = JSON.stringify({ combinator: 'and', rules: [{ field: 'name', operator: '=', value: TONE.name }] })
  const { items: [found] } = await admin.get<{ items: { customerId: string; version: number }[] }>(`/api/crm/customers?limit=1&condition=${encodeURIComponent(condition)}`)
  assert(found, 'the demo has the test number as a customer')
  await admin.call('PATCH', `/api/crm/customers/${found.customerId}`, { version: found.version, ownerId })
  return found.customerId
}

async function finishes(page: Page): Promise<void> {
  await stateIs(page, '小结')
  await page.keyboard.press('Control+Enter')
  await stateIs(page, '就绪')
}

/** The agent has spoken with the customer: from now on he is the last seller. */
async function haveTalked(page: Page, customerId: string): Promise<void> {
  await page.getByRole('button', { name: '签入电话' }).click()
  await press(page, '就绪')
  await stateIs(page, '就绪')
  await page.goto(`/customers/${customerId}`)
  await page.getByRole('button', { name: '拨打', exact: false }).first().click()
  await page.waitForURL('**/workbench')
  await stateIs(page, '通话')
  await press(page, '挂断')
  await finishes(page)
  say('the agent has spoken with the customer')
}

interface Back {
  carrier: Carrier
  /** The line as the carrier reaches it, and the number that the customer saw. */
  peer: string
  to: string
}

async function wayBack(product: Product, admin: Session): Promise<Back> {
  const carriers = (['sandbox', 'sandbox-chinese'] as const).map((name) => new Carrier(product, name))
  const seen = await eventually('a carrier wrote the call down', async () => carriers.flatMap((carrier) => carrier.endedCalls(TONE.number).map((call) => ({ carrier, call }))), (calls) => calls.length > 0)
  const { carrier, call } = seen[0] as (typeof seen)[number]
  const { items: [attempt] } = await admin.get<{ items: { lineName: string }[] }>('/api/dialer/attempts?limit=1')
  const { items: lines } = await admin.get<{ items: { name: string; callerIds: string[] }[] }>('/api/dialer/lines')
  const to = lines.find(({ name }) => name === attempt?.lineName)?.callerIds[0]
  assert(to, 'the line has a caller ID')
  return { carrier, peer: call.from, to }
}

async function callsBack(page: Page, { carrier, peer, to }: Back): Promise<void> {
  await page.goto('/customers')
  const calledAt = performance.now()
  await carrier.callIn({ from: TONE.number, to, peer, talkMs: 60_000 })
  const bar = page.locator('.incoming', { hasText: TONE.name })
  await bar.getByText('你最近与他通过话', { exact: false }).waitFor()
  const shownMs = Math.round(performance.now() - calledAt)
  await stateIs(page, '振铃')
  await page.waitForURL('**/workbench')
  await page.locator('.on-call').getByText(TONE.name).first().waitFor()
  assert(await share440(page) < 0.1, 'the story is there before the voice')
  say(`the caller rings at who spoke with him last; he is on the screen ${shownMs} ms after he dialled, before his voice`)
  await page.keyboard.press('Enter')
  await stateIs(page, '通话')
  await eventually('the tone is heard in the page', () => share440(page), (share) => share > 0.5)
  say('Enter takes the call, and the two hear each other')
  await press(page, '挂断')
  await finishes(page)
}

async function isMissed(page: Page, { carrier, peer, to }: Back): Promise<void> {
  await page.locator('.my-state').click()
  await page.getByRole('menuitem', { name: '用餐', exact: false }).click()
  await stateIs(page, '暂停')
  await carrier.callIn({ from: TONE.number, to, peer, talkMs: 60_000 })
}

async function isOnTheTimeline(page: Page, customerId: string): Promise<void> {
  await page.goto(`/customers/${customerId}`)
  await page.locator('.timeline-item', { hasText: '来电，已接听' }).first().waitFor()
  await page.locator('.timeline-item', { hasText: '未接来电' }).first().waitFor({ timeout: 60_000 })
  say('the answered call and the missed one are on the timeline')
}

async function isCalledBack(page: Page): Promise<void> {
  await press(page, '就绪')
  await page.waitForURL('**/workbench')
  const card = page.locator('.preview-card')
  await card.waitFor()
  await page.locator('.on-call').getByText(TONE.name).first().waitFor()
  await card.getByRole('button', { name: 'Enter', exact: false }).click()
  await stateIs(page, '通话')
  await press(page, '挂断')
  await finishes(page)
  say('back from his break he is shown whom to call back, and does')
}

async function declines(page: Page, { carrier, peer, to }: Back): Promise<void> {
  await carrier.callIn({ from: TONE.number, to, peer, talkMs: 60_000 })
  await page.locator('.incoming').waitFor()
  await page.locator('body').press('Escape')
  await page.locator('.incoming').waitFor({ state: 'detached' })
  say('Escape passes the call on')
}

const product = await startProduct({ env: { CALLEE_CLOCK: '10:12', DEMO_CUSTOMERS: '300', LOG_LEVEL: 'info' }, timeoutMs: 180_000 })
say('the product is up')
const office = await Office.open(product.address)
try {
  const [admin, session] = [await product.signIn('admin'), await product.signIn('agent')]
  const { userId } = await session.get<{ userId: string }>('/api/hub/me')
  const customerId = await customerOf(admin, userId)
  const { page } = await office.seat('agent')
  await haveTalked(page, customerId)
  const back = await wayBack(product, admin)
  await callsBack(page, back)
  await isMissed(page, back)
  await isOnTheTimeline(page, customerId)
  await isCalledBack(page)
  await declines(page, back)
  assert.deepEqual(office.faults, [], 'no page failed, asked anybody else, or ran what it should not')
} catch (error) {
  await office.pictures(join(tmpdir(), 'loopline-inbound-failed'))
  console.error([String(error), `what was on the screen: ${tmpdir()}/loopline-inbound-failed-*.png`, ...office.faults, ...product.output().split('\n').slice(-20)].join('\n'))
  process.exitCode = 1
} finally {
  await office.close()
  await product.drop()
}
