/**
 * A call goes to a colleague, over a whole product with real SIP, between two agents in a Chromium each, whose microphones sound different
 * tones: a word first, the person hears music; all three; declined; handed over at once. What each of them hears is measured in his page.
 * A lead writes to one of them.
 *
 *   node interop/console/transfer.peer.ts
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { eventually, startProduct, type Session } from '../product.ts'
import { writeTone } from '../voices/tones.ts'
import { Office, type Desk } from './browser.ts'
import { shareOf } from './tone.ts'

/** Sounds a tone of 440 Hz. */
const CUSTOMER = { name: '测试号码 06', hz: 440 }
const SELLER = { name: '王芳 Wang Fang', username: 'agent', hz: 1_000 }
const COLLEAGUE = { name: '赵磊 Zhao Lei', username: 'agent2', hz: 1_700 }
/** A busy machine is slow, not wrong. */
const PATIENCE_MS = 90_000
const WORDS = '客户是老朋友，请慢慢说'

const began = performance.now()
const say = (what: string): void => console.log(`ok ${what} (${Math.round((performance.now() - began) / 1_000)} s)`)

const stateIs = (page: Page, word: string): Promise<void> => page.locator('.my-state', { hasText: word }).waitFor()
const press = (page: Page, name: string): Promise<void> => page.locator('.phone-bar').getByRole('button', { name, exact: false }).first().click()
const barSays = (page: Page, text: string): Promise<void> => page.locator('.phone-bar').getByText(text, { exact: false }).first().waitFor()

/**
 * In one page: these tones, and not those. Of two that are mixed the one from a microphone may be a twentieth: browsers take a steady
 * tone for noise and turn it down. G.711 by itself leaves three ten-thousandths.
 */
async function hears(page: Page, what: string, tones: readonly number[], not: readonly number[]): Promise<void> {
  const least = tones.length === 1 ? 0.5 : 0.005
  await eventually(what, async () => Promise.all([...tones, ...not].map((hz) => shareOf(page, hz))), (shares) => shares.every((share, index) => (index < tones.length ? share > least : share < 0.05)), PATIENCE_MS)
}

async function customerOf(admin: Session, ownerId: string): Promise<string> {
  const condition = JSON.stringify({ combinator: 'and', rules: [{ field: 'name', operator: '=', value: CUSTOMER.name }] })
  const { items: [found] } = await admin.get<{ items: { customerId: string; version: number }[] }>(`/api/crm/customers?limit=1&condition=${encodeURIComponent(condition)}`)
  assert(found, 'the demo has the test number as a customer')
  await admin.call('PATCH', `/api/crm/customers/${found.customerId}`, { version: found.version, ownerId })
  return found.customerId
}

async function beginShift(page: Page): Promise<void> {
  await page.getByRole('button', { name: '签入电话' }).click()
  await press(page, '就绪')
  await stateIs(page, '就绪')
}

/** As a link does: the page stays, and with it its telephone, without which a call would be made for nobody. */
const visit = (page: Page, path: string): Promise<void> => page.evaluate<void>(`history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`)

async function dials(page: Page, customerId: string): Promise<void> {
  await visit(page, `/customers/${customerId}`)
  await page.getByRole('button', { name: '拨打', exact: false }).first().click()
  await page.waitForURL('**/workbench')
  await stateIs(page, '通话')
  await hears(page, 'the seller hears the customer', [CUSTOMER.hz], [COLLEAGUE.hz])
  say('the seller talks with the customer')
}

async function opensPicker(seller: Page): Promise<Locator> {
  await seller.locator('.phone-bar').getByRole('button', { name: '转接' }).waitFor()
  await seller.keyboard.press('Alt+KeyT')
  return seller.getByRole('dialog', { name: '转给谁？' })
}

async function consults(seller: Page, colleague: Page): Promise<void> {
  const picker = await opensPicker(seller)
  await picker.locator('.colleagues', { hasText: COLLEAGUE.name }).waitFor()
  await seller.keyboard.type('赵')
  await seller.keyboard.press('Enter')
  await barSays(seller, `正在请${COLLEAGUE.name}接听`)
  await colleague.locator('.incoming', { hasText: `${SELLER.name}想和你商议${CUSTOMER.name}` }).waitFor()
  await colleague.waitForURL('**/workbench')
  await colleague.locator('.on-call').getByText(CUSTOMER.name).first().waitFor()
  assert(await shareOf(colleague, SELLER.hz) < 0.1, 'the story is there before the voice')
  await colleague.keyboard.press('Enter')
  await barSays(seller, `正在与${COLLEAGUE.name}商议`)
  await Promise.all([
    hears(seller, 'the seller hears the colleague alone', [COLLEAGUE.hz], [CUSTOMER.hz]),
    hears(colleague, 'the colleague hears the seller alone', [SELLER.hz], [CUSTOMER.hz]),
  ])
  say('by keys alone: asked, answered, and the two speak while the customer hears music')
}

async function confers(seller: Page, colleague: Page): Promise<void> {
  await seller.keyboard.press('Alt+KeyC')
  await Promise.all([barSays(seller, `三方通话：${COLLEAGUE.name}`), barSays(colleague, `三方通话：${SELLER.name}`)])
  await Promise.all([
    hears(seller, 'the seller hears both', [CUSTOMER.hz, COLLEAGUE.hz], []),
    hears(colleague, 'the colleague hears both', [CUSTOMER.hz, SELLER.hz], []),
  ])
  await colleague.keyboard.press('Alt+KeyB')
  await stateIs(colleague, '就绪')
  await hears(seller, 'the seller has the customer again', [CUSTOMER.hz], [COLLEAGUE.hz])
  say('all three talk; the colleague leaves and the two others go on')
}

async function asksAtOnce(seller: Page): Promise<void> {
  const picker = await opensPicker(seller)
  await picker.getByText('直接转').click()
  await picker.locator('.colleagues').getByRole('button', { name: COLLEAGUE.name, exact: false }).click()
}

async function declines(seller: Page, colleague: Page): Promise<void> {
  await asksAtOnce(seller)
  await colleague.locator('.incoming', { hasText: `${SELLER.name}把${CUSTOMER.name}转给你` }).waitFor()
  await colleague.keyboard.press('Escape')
  await barSays(seller, `${COLLEAGUE.name}拒绝了`)
  await stateIs(seller, '通话')
  await hears(seller, 'the customer is back', [CUSTOMER.hz], [])
  say('declined by Escape: the seller is told why, and has the customer')
}

async function handsOver(seller: Page, colleague: Page): Promise<void> {
  await asksAtOnce(seller)
  await colleague.locator('.incoming').getByRole('button', { name: '接听', exact: false }).click()
  await stateIs(seller, '小结')
  await stateIs(colleague, '通话')
  await hears(colleague, 'the customer is the colleague’s', [CUSTOMER.hz], [SELLER.hz])
  await seller.keyboard.press('Control+Enter')
  await stateIs(seller, '就绪')
  say('handed over: the colleague has the customer, the seller his notes')
}

async function isWrittenTo(lead: Page, colleague: Page): Promise<void> {
  await lead.goto('/live')
  await lead.locator('tr', { hasText: COLLEAGUE.name }).getByRole('button', { name: '发消息' }).click()
  await lead.getByRole('dialog').getByRole('textbox').fill(WORDS)
  await lead.getByRole('dialog').getByRole('button', { name: '发送' }).click()
  await barSays(colleague, WORDS)
  await colleague.reload()
  await barSays(colleague, WORDS)
  await lead.locator('tr', { hasText: COLLEAGUE.name }).getByText('1 条未读').waitFor()
  await press(colleague, '已读')
  await lead.locator('tr', { hasText: COLLEAGUE.name }).getByText('1 条未读').waitFor({ state: 'detached' })
  say('a lead’s words are there until they are read, also behind a reload')
}

async function ends(colleague: Page): Promise<void> {
  await stateIs(colleague, '通话')
  await press(colleague, '挂断')
  await stateIs(colleague, '小结')
  await colleague.keyboard.press('Control+Enter')
  await stateIs(colleague, '就绪')
}

async function isOnTheTimeline(page: Page, customerId: string): Promise<void> {
  await page.goto(`/customers/${customerId}`)
  await page.locator('.timeline-item', { hasText: '参与者' }).filter({ hasText: SELLER.name }).filter({ hasText: COLLEAGUE.name }).first().waitFor({ timeout: 60_000 })
  say('the timeline names who took part, and when')
}

/** Whose seller is gone is the next one's who is ready. */
async function isTakenOver(seller: Desk, colleague: Page, customerId: string): Promise<void> {
  await dials(seller.page, customerId)
  await seller.close()
  await stateIs(colleague, '通话')
  await hears(colleague, 'the customer is not alone', [CUSTOMER.hz], [])
  await ends(colleague)
  say('the seller’s browser dies: the next who is ready has the customer')
}

const folder = mkdtempSync(join(tmpdir(), 'loopline tones '))
const microphone = (hz: number): string => {
  const path = join(folder, `${hz}.wav`)
  writeFileSync(path, writeTone(hz))
  return path
}
const product = await startProduct({ env: { CALLEE_CLOCK: '10:12', DEMO_CUSTOMERS: '300', LOG_LEVEL: 'info' }, timeoutMs: 300_000 })
say('the product is up')
const offices = [await Office.open(product.address, { microphone: microphone(SELLER.hz) }), await Office.open(product.address, { microphone: microphone(COLLEAGUE.hz) })] as const
try {
  const [admin, session] = [await product.signIn('admin'), await product.signIn(SELLER.username)]
  const { userId } = await session.get<{ userId: string }>('/api/hub/me')
  const customerId = await customerOf(admin, userId)
  const desk = await offices[0].seat(SELLER.username)
  const { page: seller } = desk
  const [{ page: colleague }, { page: lead }] = [await offices[1].seat(COLLEAGUE.username), await offices[0].seat('supervisor')]
  for (const page of [seller, colleague, lead]) page.setDefaultTimeout(PATIENCE_MS)
  await beginShift(seller)
  await beginShift(colleague)
  say('both are ready')
  await dials(seller, customerId)
  await consults(seller, colleague)
  await confers(seller, colleague)
  await declines(seller, colleague)
  await handsOver(seller, colleague)
  await ends(colleague)
  await isWrittenTo(lead, colleague)
  await isOnTheTimeline((await offices[0].seat('admin')).page, customerId)
  await isTakenOver(desk, colleague, customerId)
  assert.deepEqual(offices.flatMap(({ faults }) => faults), [], 'no page failed, asked anybody else, or ran what it should not')
} catch (error) {
  for (const [index, office] of offices.entries()) await office.pictures(join(tmpdir(), `loopline-transfer-failed-${index}`))
  console.error([String(error), `what was on the screens: ${tmpdir()}/loopline-transfer-failed-*.png`, ...offices.flatMap(({ faults }) => faults), ...product.output().split('\n').slice(-20)].join('\n'))
  process.exitCode = 1
} finally {
  for (const office of offices) await office.close()
  await product.drop()
  rmSync(folder, { recursive: true, force: true })
}
