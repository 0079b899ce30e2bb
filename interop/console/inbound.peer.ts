/**
 * A customer calls back: over the sandbox's carrier, voice, dialer and crm to the agent in a real Chromium who spoke with him
 * last. The customer's story is on the screen before the voice; Enter takes the call; who finds nobody is called back.
 *
 *   node interop/console/inbound.peer.ts [--pictures FOLDER]       takes pictures of the caller on the bar
 */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Carrier } from '../carrier.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { Office } from './browser.ts'
import { share440 } from './tone.ts'

const [option, pictures] = process.argv.slice(2)
if (option !== undefined && (option !== '--pictures' || pictures === undefined)) throw new Error('the only argument is --pictures FOLDER')

/** Sounds a tone of 440 Hz, whoever called whom. */
const TONE = { name: '测试号码 06', number: '+8613900000006' }

const began = performance.now()
const say = (what: string): void => console.log(`ok ${what} (${Math.round((performance.now() - began) / 1_000)} s)`)

const stateIs = (page: Page, word: string): Promise<void> => page.locator('.my-state', { hasText: word }).waitFor()
const press = (page: Page, name: string): Promise<void> => page.locator('.phone-bar').getByRole('button', { name, exact: true }).click()

async function customerOf(admin: Session, name: string, ownerId?: string): Promise<string> {
  const condition = JSON.stringify({ combinator: 'and', rules: [{ field: 'name', operator: '=', value: name }] })
  const { items: [found] } = await admin.get<{ items: { customerId: string; version: number }[] }>(`/api/crm/customers?limit=1&condition=${encodeURIComponent(condition)}`)
  assert(found, 'the demo has the test number as a customer')
  if (ownerId !== undefined) await admin.call('PATCH', `/api/crm/customers/${found.customerId}`, { version: found.version, ownerId })
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
  await stateIs(page, '就绪')
  const calledAt = performance.now()
  await carrier.callIn({ from: TONE.number, to, peer, talkMs: 60_000 })
  const bar = page.locator('.incoming', { hasText: TONE.name })
  await bar.waitFor()
  const onBarMs = Math.round(performance.now() - calledAt)
  await stateIs(page, '振铃')
  await page.waitForURL('**/workbench')
  await page.locator('.incoming-card', { hasText: '你最近与他通过话' }).waitFor()
  await page.locator('.on-call .story').waitFor()
  const storyMs = Math.round(performance.now() - calledAt)
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'incoming.png'), animations: 'disabled' })
  assert(await share440(page) < 0.1, 'the story is there before the voice')
  say(`the caller rings at who spoke with him last; he is on the bar ${onBarMs} ms after he dialled, and his story on the screen after ${storyMs} ms, before his voice`)
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
  await stateIs(page, '就绪')
  say('Escape passes the call on')
}

/** Always calls back. */
const CALLS_BACK = { name: '测试号码 16' }

/** Nobody's number: the agent takes the call, and makes a record of whoever it is. */
async function isAStranger(page: Page, session: Session, { carrier, peer, to }: Back): Promise<void> {
  await carrier.callIn({ from: '+8613900000099', to, peer, talkMs: 60_000 })
  await page.locator('.incoming', { hasText: '陌生号码' }).waitFor()
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'stranger.png'), animations: 'disabled' })
  await page.locator('body').press('Enter')
  await stateIs(page, '通话')
  await page.getByRole('textbox', { name: '姓名' }).fill('新来的赵六')
  await page.getByRole('button', { name: '建档' }).click()
  await page.locator('.record-head').getByText('新来的赵六').waitFor()
  await press(page, '挂断')
  await finishes(page)
  const condition = JSON.stringify({ combinator: 'and', rules: [{ field: 'name', operator: '=', value: '新来的赵六' }] })
  const { items: [found] } = await session.get<{ items: { customerId: string }[] }>(`/api/crm/customers?limit=1&condition=${encodeURIComponent(condition)}`)
  assert(found, 'the record is his')
  await page.goto(`/customers/${found.customerId}`)
  await page.locator('.timeline-item', { hasText: '来电，已接听' }).first().waitFor()
  say('of a stranger he makes a record, and the call is on its timeline')
}

/** Rung in vain he calls back by himself (sandbox/calling-back). */
async function callsBackByHimself(page: Page, admin: Session): Promise<void> {
  await admin.post('/api/dialer/calls', { customerId: await customerOf(admin, CALLS_BACK.name) })
  await page.locator('.incoming', { hasText: CALLS_BACK.name }).waitFor({ timeout: 60_000 })
  await page.locator('body').press('Enter')
  await stateIs(page, '通话')
  await finishes(page) // he talks eight seconds and hangs up
  say('who was rung in vain calls back by himself, talks, and hangs up')
}

const product = await startProduct({ env: { CALLEE_CLOCK: '10:12', DEMO_CUSTOMERS: '300', LOG_LEVEL: 'info' }, timeoutMs: 180_000 })
say('the product is up')
const office = await Office.open(product.address)
try {
  const [admin, session] = [await product.signIn('admin'), await product.signIn('agent')]
  const { userId } = await session.get<{ userId: string }>('/api/hub/me')
  const customerId = await customerOf(admin, TONE.name, userId)
  const { page } = await office.seat('agent')
  await haveTalked(page, customerId)
  const back = await wayBack(product, admin)
  await callsBack(page, back)
  await isMissed(page, back)
  await isOnTheTimeline(page, customerId)
  await isCalledBack(page)
  await isAStranger(page, session, back)
  await callsBackByHimself(page, admin)
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
