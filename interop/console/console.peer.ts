/**
 * The console as people use it, in a real Chromium over a whole product: each role, a campaign from start to a customer's
 * timeline, a conflict, an import, both languages, both appearances, a hostile name, and whether everybody can use it.
 *
 *   node interop/console/console.peer.ts [--pictures docs/pictures]       takes the pictures of the docs anew
 */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { eventually, startProduct, type Session } from '../product.ts'
import { hindrancesEverywhere } from './accessibility.ts'
import { Office } from './browser.ts'

const [option, pictures] = process.argv.slice(2)
if (option !== undefined && (option !== '--pictures' || pictures === undefined)) throw new Error('the only argument is --pictures FOLDER')
/** A picture of a campaign wants more to see than a test does. */
const ATTEMPTS_SHOWN = pictures === undefined ? 15 : 520

const CAMPAIGN = '老客户回访 · Returning customers'
const ASSIGNS = '接通客户分配给资深销售'
const HOSTILE = '<img src=x onerror="alert(document.domain)">'

const began = performance.now()
const say = (what: string): void => console.log(`ok ${what} (${Math.round((performance.now() - began) / 1_000)} s)`)
async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' })
}

/** What each role sees in the rail, and whether it may start a campaign. */
const ROLES = [
  { username: 'admin', places: ['工作台', '客户', '外呼', '通话', '监控', '报表', '规则', '线路', '设置'], starts: true, imports: true },
  { username: 'supervisor', places: ['工作台', '客户', '外呼', '通话', '监控', '报表', '规则', '线路', '设置'], starts: true, imports: true },
  { username: 'agent', places: ['工作台', '客户', '外呼', '通话', '报表', '规则', '设置'], starts: false, imports: false },
  { username: 'auditor', places: ['客户', '外呼', '通话', '报表', '规则', '线路', '设置'], starts: false, imports: false },
] as const

async function everyRole(office: Office): Promise<void> {
  for (const { username, places, starts, imports } of ROLES) {
    const desk = await office.seat(username)
    const { page } = desk
    assert.deepEqual(await page.locator('nav .place .word').allTextContents(), places, `the places of ${username}`)
    await page.locator('nav .place', { hasText: '客户' }).click() // a seller's day begins at the workbench
    await page.getByRole('table', { name: '客户' }).locator('.row-link').first().waitFor()
    assert.equal(await page.getByRole('link', { name: '导入' }).count(), imports ? 1 : 0, `${username} and imports`)
    await page.getByRole('link', { name: '外呼' }).click()
    await page.getByRole('link', { name: CAMPAIGN }).click()
    await page.getByRole('heading', { name: CAMPAIGN }).waitFor()
    assert.equal(await page.getByRole('button', { name: '开始' }).count(), starts ? 1 : 0, `${username} and start`)
    await page.locator('.chip', { hasText: '实时' }).waitFor()
    await page.locator('header.top .chip').last().click()
    await page.getByRole('menuitem', { name: '退出登录' }).click()
    await page.locator('#username').waitFor()
    await desk.close()
  }
  say(`the ${ROLES.length} roles sign in, see what is theirs, and sign out`)
}

const attemptsShown = async (page: Page): Promise<number> =>
  Number((await page.locator('.figure', { hasText: '已拨打' }).locator('dd').textContent() ?? '0').replaceAll(/\D/g, ''))

async function campaignRuns(page: Page): Promise<void> {
  await page.goto('/campaigns')
  await page.getByRole('link', { name: CAMPAIGN }).click()
  await page.getByRole('button', { name: '开始' }).click()
  await page.getByRole('button', { name: '停止' }).waitFor()
  const first = await eventually('calls are counted', () => attemptsShown(page), (shown) => shown > 0, 10_000)
  await eventually('the numbers move', () => attemptsShown(page), (shown) => shown > first, 10_000)
  await eventually('there is something to see', () => attemptsShown(page), (shown) => shown >= ATTEMPTS_SHOWN, 180_000)
  const named = async (): Promise<boolean> => (await page.locator('.latest a').allTextContents()).slice(0, 7).every((name) => !name.startsWith('…'))
  await eventually('the latest calls have names', async () => {
    if (!(await named())) return false
    await picture(page, 'campaign-live')
    return named()
  }, (all) => all, 60_000)
  say('a campaign starts by a press, and its numbers move by themselves')
}

/** Of the latest calls one that was answered by somebody whom a rule then gave to another seller: the most happens to him. */
async function assignedOne(page: Page, session: Session): Promise<string | undefined> {
  const answered = page.locator('.latest li').filter({ has: page.locator('.state', { hasText: /^.接通$/ }) }).locator('a')
  for (const link of await answered.all()) {
    const path = await link.getAttribute('href', { timeout: 1_000 }).catch(() => null)
    if (path === null) continue // the list moved on meanwhile
    const { items } = await session.get<{ items: { kind: string; body: { name?: string } }[] }>(`/api/crm${path}/timeline`)
    if (items.some(({ kind, body }) => kind === 'rule' && body.name === ASSIGNS)) return path
  }
  return undefined
}

async function callOnTheTimeline(page: Page, session: Session): Promise<void> {
  const path = await eventually('somebody answered and was assigned', () => assignedOne(page, session), (found) => found !== undefined, 60_000)
  await page.goto(path as string)
  const call = page.locator('.timeline-item', { hasText: CAMPAIGN }).filter({ has: page.getByText('接通', { exact: true }) }).first()
  await call.getByRole('button', { name: '为什么' }).click()
  const why = call.locator('.why')
  for (const word of ['合规检查', '允许拨打', '规则', '线路', '证据', 'SIP 200', '判定']) await why.getByText(word).first().waitFor()
  await page.locator('.timeline-item', { hasText: ASSIGNS }).first().waitFor()
  await page.locator('.record-head').scrollIntoViewIfNeeded()
  await picture(page, 'customer')
  say('a customer of the latest calls has the call on the timeline, with its why')
}

interface Customer {
  customerId: string
  version: number
  company: string | null
}

/** Two people edit the same field; the second one has not saved when the first one's change is pushed. */
async function conflict(page: Page, other: Session): Promise<void> {
  const made = await other.post<Customer>('/api/crm/customers', { name: '冲突', phones: ['13912349001'], company: '旧公司' })
  await page.goto(`/customers/${made.customerId}`)
  await page.getByRole('button', { name: '修改: 公司' }).click()
  await page.getByRole('textbox', { name: '公司' }).fill('我的公司')
  await other.call('PATCH', `/api/crm/customers/${made.customerId}`, { version: made.version, company: '别人的公司' })
  await page.locator('.timeline-item', { hasText: '别人的公司' }).waitFor()
  await page.getByRole('textbox', { name: '公司' }).press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('这条记录刚被别人改过').waitFor()
  for (const text of ['旧公司', '我的公司', '别人的公司']) await dialog.getByText(text).waitFor()
  await dialog.getByRole('button', { name: '按选择保存' }).click()
  await eventually('mine is kept', () => other.get<Customer>(`/api/crm/customers/${made.customerId}`), ({ company }) => company === '我的公司')
  say('a concurrent edit shows both sides, and what was typed is not lost')
}

const ROWS = 200

async function importing(page: Page): Promise<void> {
  const csv = ['姓名,电话,公司,级别', ...Array.from({ length: ROWS }, (_, index) => `导入${index},1377000${String(index).padStart(4, '0')},第${index}公司,B`)].join('\n')
  await page.goto('/customers/import')
  await page.locator('input[type=file]').setInputFiles({ name: '名单.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  const check = page.locator('.panel', { hasText: '预检结果' })
  const callable = async (): Promise<string> => (await check.locator('strong.numbers').first().textContent()) ?? ''
  await check.getByText('不可外呼').waitFor()
  assert.equal(await callable(), '0', 'nobody is callable without a declaration')
  await page.getByRole('radio', { name: '本人同意' }).check()
  await page.locator('#source').fill('2026 春季展会')
  await page.locator('#collected').fill('2026-03-01')
  await eventually('the declaration makes them callable', callable, (shown) => shown === String(ROWS), 10_000)
  await page.getByRole('button', { name: '开始导入' }).click()
  await page.getByText('导入完成').waitFor()
  const created = page.locator('.tally div', { hasText: '新建' }).locator('dd')
  assert.equal(await created.textContent(), String(ROWS))
  await page.getByRole('link', { name: '查看客户' }).click()
  await page.getByRole('link', { name: '导入', exact: false }).nth(1).waitFor()
  say(`${ROWS} rows are imported under a declaration`)
}

async function languageAndAppearance(page: Page): Promise<void> {
  await page.goto('/campaigns')
  await page.locator('header.top').waitFor()
  const background = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.querySelector("header.top") ?? document.body).backgroundColor')
  const light = await background()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Campaigns' }).waitFor()
  assert.equal(await page.evaluate<string>('document.documentElement.lang'), 'en')
  assert.equal(await page.locator('nav').getByText(/[\u4e00-\u9fff]/).count(), 0, 'no Chinese is left in the rail')
  await page.getByRole('button', { name: 'Switch appearance' }).click()
  await eventually('it is dark', background, (now) => now !== light)
  await page.reload()
  await page.getByRole('heading', { name: 'Campaigns' }).waitFor()
  await page.locator('header.top').waitFor()
  assert.notEqual(await background(), light, 'a reload keeps what was chosen')
  await page.getByRole('link', { name: CAMPAIGN }).click()
  await page.locator('.latest a').first().waitFor()
  await page.getByRole('button', { name: 'Switch appearance' }).click()
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('link', { name: '客户', exact: false }).first().waitFor()
  say('language and appearance switch at once and are kept')
}

async function hostileName(page: Page): Promise<void> {
  await page.goto('/customers/new')
  await page.locator('#name').fill(HOSTILE)
  await page.locator('#company').fill('"><script>alert(1)</script>')
  await page.locator('#phone-0').fill('139 1234 9002')
  await page.getByRole('button', { name: '创建' }).click()
  await page.locator('.record-head h1', { hasText: HOSTILE }).waitFor()
  await page.goto('/customers?sort=created')
  await page.getByRole('link', { name: HOSTILE }).waitFor()
  assert.equal(await page.locator('img[src=x]').count(), 0, 'it is text, not an element')
  assert.equal(await page.locator('script:not([src])').count(), 0)
  say('a hostile name is text')
}

async function forEverybody(session: Session): Promise<void> {
  assert.deepEqual(await hindrancesEverywhere(office, session), [], 'no page keeps anybody out')
  say('axe finds nothing serious on any page, light or dark')
}

const product = await startProduct({ env: { CALLEE_CLOCK: '10:12', LOG_LEVEL: 'warn' }, timeoutMs: 180_000 })
say('the product is up')
const office = await Office.open(product.address)
try {
  const other = await product.signIn('admin')
  await everyRole(office)
  const { page } = await office.seat('admin')
  await campaignRuns(page)
  await callOnTheTimeline(page, other)
  await conflict(page, other)
  await importing(page)
  await languageAndAppearance(page)
  await hostileName(page)
  await forEverybody(other)
  assert.deepEqual(office.faults, [], 'no page failed, asked anybody else, or ran what it should not')
} catch (error) {
  await office.pictures(join(tmpdir(), 'loopline-console-failed'))
  console.error([String(error), `what was on the screen: ${tmpdir()}/loopline-console-failed-*.png`, ...office.faults, ...product.output().split('\n').slice(-20)].join('\n'))
  process.exitCode = 1
} finally {
  await office.close()
  await product.drop()
}
