/**
 * An agent at his desk, in a real Chromium with a synthetic microphone, over a whole product with real SIP: signs on,
 * hears the customer and is heard, holds, mutes, hangs up, writes his notes by keyboard alone; his page is reloaded and
 * taken over by another in mid-call; his lead listens. What is heard in the page is measured there.
 *
 *   node interop/console/agent.peer.ts [--pictures docs/pictures]       takes the picture of the docs anew
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Carrier } from '../carrier.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'
import { share440 } from './tone.ts'
import { hindrancesHere } from './accessibility.ts'
import { Office } from './browser.ts'
import { writeTone } from '../voices/tones.ts'

const [option, pictures] = process.argv.slice(2)
if (option !== undefined && (option !== '--pictures' || pictures === undefined)) throw new Error('the only argument is --pictures FOLDER')

const NOTE = '周五前寄样品'
/** Test numbers of the sandbox: one answers with a tone of 440 Hz, one talks until our BYE and never said whether he may be recorded. */
const TONE = { name: '测试号码 06', number: '+8613900000006' }
const UNASKED = { name: '测试号码 02' }

const began = performance.now()
const say = (what: string): void => console.log(`ok ${what} (${Math.round((performance.now() - began) / 1_000)} s)`)

/** What keeps somebody out of these pages, of WCAG 2.2 A and AA, in both appearances. */
const hindrances: string[] = []
const looksFor = async (page: Page, where: string): Promise<void> => void hindrances.push(...(await hindrancesHere(page, where)))

interface Customer {
  customerId: string
  name: string
  version: number
}

/** The test numbers become this agent's customers. */
async function customersOf(admin: Session, ownerId: string): Promise<ReadonlyMap<string, string>> {
  const condition = JSON.stringify({ combinator: 'and', rules: [{ field: 'name', operator: 'contains', value: '测试号码' }] })
  const { items } = await admin.get<{ items: Customer[] }>(`/api/crm/customers?limit=50&condition=${encodeURIComponent(condition)}`)
  const wanted = items.filter(({ name }) => [TONE, UNASKED].some((one) => one.name === name))
  for (const { customerId, version } of wanted) await admin.call('PATCH', `/api/crm/customers/${customerId}`, { version, ownerId, level: 'A' })
  return new Map(wanted.map(({ name, customerId }) => [name, customerId]))
}

const stateIs = (page: Page, word: string): Promise<void> => page.locator('.my-state', { hasText: word }).waitFor()
const press = (page: Page, name: string): Promise<void> => page.locator('.phone-bar').getByRole('button', { name, exact: true }).click()
const hearsTone = (page: Page): Promise<number> => eventually('the tone is heard in the page', () => share440(page), (share) => share > 0.5)

interface Tested {
  selfTest: { state: string; device: string | null; startedAt: string; at: string; leg: { heardMs: number } | null; page: { path: { kind: string } | null; echo: { packetsReceived: number } } | null }
}

async function signsOn(page: Page, session: Session): Promise<void> {
  await page.getByRole('button', { name: '签入电话' }).click()
  await press(page, '就绪')
  await stateIs(page, '就绪')
  const { selfTest } = await session.get<Tested>('/api/dialer/agents/me')
  assert(selfTest.state === 'passed' && selfTest.leg && selfTest.page?.path && selfTest.page.echo.packetsReceived >= 50, JSON.stringify(selfTest))
  const seconds = ((Date.parse(selfTest.at) - Date.parse(selfTest.startedAt)) / 1_000).toFixed(1)
  say(`signs on by a press; his telephone is tested by itself in ${seconds} s (${selfTest.page.path.kind}), and he is ready`)
}

/** In the page, as text: another microphone takes the place of the one before, as when a headset is plugged in. It sounds 1 kHz. */
const PLUG_IN = `(async () => {
  const context = new AudioContext()
  await context.resume()
  const [oscillator, headset] = [context.createOscillator(), context.createMediaStreamDestination()]
  oscillator.frequency.value = 1000
  oscillator.connect(headset)
  oscillator.start()
  navigator.mediaDevices.getUserMedia = async () => headset.stream
  navigator.mediaDevices.dispatchEvent(new Event('devicechange'))
})()`

/** What takes the microphone's place is tried before the next customer, by itself; the leg stays. */
async function plugsInAHeadset(page: Page, session: Session): Promise<void> {
  const me = (): Promise<Tested & { state: string; leg: string }> => session.get('/api/dialer/agents/me')
  const before = await me()
  assert.equal(before.state, 'ready')
  await page.evaluate(PLUG_IN)
  const after = await eventually('the headset is tested', me, ({ state, selfTest }) => state === 'ready' && selfTest.state === 'passed' && selfTest.device !== before.selfTest.device, 30_000)
  assert((after.selfTest.leg?.heardMs ?? 0) >= 400, `voice hears the headset: ${JSON.stringify(after.selfTest)}`)
  assert.equal(after.leg, 'up')
  say('plugs in a headset in mid-shift: it is tested by itself, and he is ready again')
}

/** Whose microphone is silent is told so and cannot be ready, until his lead lets him. */
async function isKeptFromReady(product: Product): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'loopline silence '))
  const microphone = join(folder, 'silence.wav')
  writeFileSync(microphone, writeTone(0))
  await (await product.signIn('supervisor')).post('/api/dialer/agents/me/state', { state: 'offline' })
  const quiet = await Office.open(product.address, { microphone })
  try {
    const { page } = await quiet.seat('supervisor')
    await page.getByRole('link', { name: '工作台' }).click()
    await page.getByRole('button', { name: '签入电话' }).click()
    await page.getByRole('alert').filter({ hasText: '没有听到你说话' }).waitFor()
    await page.getByText('检查耳机静音键', { exact: false }).first().waitFor()
    await looksFor(page, 'a test that failed')
    assert.equal(await page.locator('.phone-bar').getByRole('button', { name: '就绪', exact: true }).isDisabled(), true)
    await page.getByRole('link', { name: '监控' }).click()
    const row = page.locator('tr', { hasText: '没有听到你说话' })
    await row.getByRole('button', { name: '调整状态' }).click()
    await page.getByRole('menuitem', { name: '免去试音' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('耳机在路上')
    await page.getByRole('dialog').getByRole('button', { name: '免去试音' }).click()
    await press(page, '就绪')
    await stateIs(page, '就绪')
    assert.deepEqual(quiet.faults, [], 'no page failed')
    say('who is silent is told what to mend, and is not ready until a lead waives the test')
  } catch (error) {
    await quiet.pictures(join(tmpdir(), 'loopline-agent-silent'))
    throw error
  } finally {
    await quiet.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function dials(page: Page, customerId: string): Promise<void> {
  await page.goto(`/customers/${customerId}`)
  await page.getByRole('button', { name: '拨打', exact: false }).first().click()
  await page.waitForURL('**/workbench')
  await stateIs(page, '通话')
}

async function talks(page: Page, customerId: string): Promise<void> {
  await dials(page, customerId)
  await page.locator('.on-call').getByText(TONE.name).first().waitFor()
  const share = await hearsTone(page)
  say(`dials by hand, and hears the tone: ${Math.round(share * 100)} % of what is heard is 440 Hz`)
  await page.locator('.phone-bar [data-grade=good], .phone-bar [data-grade=fair]').waitFor()
  await looksFor(page, 'workbench on a call')
  await press(page, '静音')
  await page.locator('.phone-bar [aria-pressed=true]').waitFor()
  await press(page, '静音')
  await press(page, '保持')
  await stateIs(page, '保持')
  await eventually('on hold the tone is gone', () => share440(page), (now) => now < 0.1)
  await press(page, '恢复通话')
  await stateIs(page, '通话')
  await hearsTone(page)
  await press(page, '拨号键盘')
  await page.locator('.keypad').getByRole('button', { name: '5' }).click()
  await page.keyboard.press('Escape')
  say('mutes, holds, comes back and dials a digit')
  await page.locator('.phone-bar').getByRole('button', { name: '暂停录音' }).click()
  await page.locator('.phone-bar .rec[data-recording=paused]').waitFor()
  await hearsTone(page)
  await page.locator('.phone-bar').getByRole('button', { name: '恢复录音' }).click()
  await page.locator('.phone-bar .rec[data-recording=on]').waitFor()
  say('pauses the recording and goes on with it, by a press each')
}

/** From the hang-up on nothing but keys. */
async function wrapsUp(page: Page): Promise<void> {
  await press(page, '挂断')
  await stateIs(page, '小结')
  await looksFor(page, 'workbench after a call')
  await page.keyboard.press('n')
  await page.keyboard.type(NOTE)
  await page.keyboard.press('Escape')
  await page.keyboard.press('1')
  await page.locator('[role=radio][aria-checked=true]', { hasText: '有意向' }).waitFor()
  await page.keyboard.press('Control+Enter')
  await stateIs(page, '就绪')
  say('writes the note, chooses the result and finishes by keyboard alone')
}

async function isOnTheTimeline(page: Page, customerId: string): Promise<void> {
  await page.goto(`/customers/${customerId}`)
  await page.locator('.timeline-item', { hasText: NOTE }).filter({ hasText: '有意向' }).first().waitFor()
  say('note and result are on the timeline')
}

/** The secret is told once, to himself; a lead finds the same panel among the people. */
async function hasADeskPhone(office: Office, page: Page): Promise<void> {
  await page.goto('/settings')
  await page.getByRole('button', { name: '生成密钥' }).click()
  const secret = page.locator('.secret')
  await secret.waitFor()
  const text = ((await secret.textContent()) ?? '').replaceAll(' ', '')
  assert.match(text, /^[a-z1-9]{32}$/)
  await looksFor(page, 'desk phone')
  await page.getByRole('button', { name: '已填好，隐藏' }).click()
  await page.reload()
  await page.locator('.desk-phone').getByText('未注册').waitFor()
  assert.equal((await page.content()).includes(text), false, 'it is not shown again')
  const admin = await office.seat('admin')
  await admin.page.goto('/settings?section=people')
  const panel = admin.page.getByRole('button', { name: /^话机: 王芳/ })
  await panel.waitFor()
  await looksFor(admin.page, 'people')
  await panel.click()
  await admin.page.getByRole('dialog').getByRole('button', { name: '移除话机' }).click()
  await admin.page.locator('.ant-popconfirm').getByRole('button', { name: '移除话机' }).click()
  await admin.page.getByRole('dialog').getByRole('button', { name: '生成密钥' }).waitFor()
  await admin.page.goto('/settings?section=audit')
  await admin.page.getByRole('cell', { name: '更换话机密钥' }).first().waitFor()
  await admin.page.getByRole('cell', { name: '移除话机' }).first().waitFor()
  await admin.close()
  say("makes his desk phone's secret, which is told once; an admin takes it back, and the audit says both")
}

async function seesTheTimes(page: Page): Promise<void> {
  await page.goto('/reports')
  await page.getByRole('table', { name: '坐席工时' }).getByText('王芳').first().waitFor()
  await looksFor(page, 'time of agents')
  say('sees how long he was in which state')
}

interface Call {
  attemptId: string
}

/** Loudest sample of each channel, of a stereo WAV of 16 bit. */
function loudness(wav: Buffer): [number, number] {
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + 44 + Math.floor((wav.length - 44) / 4) * 4))
  const of = (channel: number): number => samples.reduce((most, sample, index) => (index % 2 === channel ? Math.max(most, Math.abs(sample)) : most), 0)
  return [of(0), of(1)]
}

async function isRecorded(page: Page, session: Session, customerId: string): Promise<void> {
  const { items: [call] } = await session.get<{ items: Call[] }>(`/api/dialer/attempts?customerId=${customerId}&limit=1`)
  assert(call, 'the call is listed')
  await page.goto(`/calls?customerId=${customerId}`)
  await page.locator('tr.pick').first().click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('录音依据：客户已授权').waitFor()
  await drawer.getByText('暂停录音 1 次').waitFor()
  const [response] = await Promise.all([page.waitForResponse(/audio\.wav/), drawer.getByRole('button', { name: '播放' }).click()])
  assert.equal(response.status(), 206)
  await drawer.getByRole('button', { name: '暂停' }).waitFor()
  await looksFor(page, 'player of a recording')
  const wav = Buffer.from(await (await session.raw('GET', `/api/dialer/recordings/${call.attemptId}/audio.wav`)).arrayBuffer())
  const [customer, seller] = loudness(wav)
  assert(customer > 1_000 && seller > 1_000, `both are in the recording: ${customer}, ${seller}`)
  const verified = (): Promise<{ verifiedAt: string | null }> => session.get(`/api/dialer/recordings/${call.attemptId}`)
  await eventually('what is in the store was compared with what was told', verified, ({ verifiedAt }) => verifiedAt !== null, 60_000)
  say('the recording plays, says why it was made, and both sides are in it')
}

/** The auditor finds it among the recordings, and keeps it beyond its time. */
async function isHeld(office: Office, customerId: string): Promise<void> {
  const { page } = await office.seat('auditor')
  await page.goto('/calls')
  await page.getByRole('link', { name: '录音' }).click()
  const row = page.locator('tr.pick', { hasText: TONE.name }).filter({ hasText: '完整' }).first()
  await row.waitFor()
  await row.getByText('客户已授权').click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('校验无误').waitFor()
  await drawer.getByRole('button', { name: '依法保留' }).click()
  await page.getByLabel('原因（记入审计）').fill('客户投诉 2026-11')
  await page.getByRole('button', { name: '保存' }).click()
  await drawer.getByText('客户投诉 2026-11').waitFor()
  await page.goto(`/calls/recordings?held=true&customerId=${customerId}`)
  await page.locator('tr.pick', { hasText: '⚖ 依法保留' }).waitFor()
  await page.goto('/calls/recordings?state=deleted')
  await page.getByText('没有符合筛选的录音').waitFor()
  await page.close()
  say('the auditor finds the recording, verified, and puts it under legal hold with his reason')
}

/** Who never gave his consent hears the announcement first, or is not recorded: the call says which, and why. */
async function saysWhyRecorded(page: Page, customerId: string): Promise<void> {
  await dials(page, customerId)
  await press(page, '挂断')
  await stateIs(page, '小结')
  await page.keyboard.press('Control+Enter')
  await stateIs(page, '就绪')
  await page.goto(`/calls?customerId=${customerId}`)
  await page.locator('tr.pick').first().click()
  const why = page.getByRole('dialog').getByText(/^(未录音|录音依据)：/)
  await why.waitFor()
  assert.doesNotMatch(await why.textContent() ?? '', /[a-z]-[a-z]/, 'the reason is in words')
  say(`of another call it says: ${await why.textContent()}`)
}

async function wasHeard(product: Product): Promise<void> {
  const carriers = (['sandbox', 'sandbox-chinese'] as const).map((name) => new Carrier(product, name))
  const [call] = await eventually('the carrier wrote the call down', async () => carriers.flatMap((carrier) => carrier.endedCalls(TONE.number)), (calls) => calls.length > 0)
  assert(call?.rtp && call.rtp.received > 50, `the carrier got the agent's packets: ${JSON.stringify(call?.rtp)}`)
  assert.equal(call.byeBy, 'caller')
  say(`the carrier got ${call.rtp.received} packets of the agent's voice`)
}

/** From the list of calls, by keys alone. */
async function dialsFromTheList(page: Page, customerId: string): Promise<void> {
  await page.goto(`/calls?customerId=${customerId}`)
  await page.locator('tr.pick .row-link').first().focus()
  await page.keyboard.press('d')
  await page.waitForURL('**/workbench')
  await stateIs(page, '通话')
}

async function reloads(page: Page, customerId: string): Promise<void> {
  await dialsFromTheList(page, customerId)
  await hearsTone(page)
  if (pictures !== undefined) {
    await page.locator('.phone-bar [data-grade=good]').waitFor()
    await page.locator('.ant-message-notice').waitFor({ state: 'detached' })
    await page.screenshot({ path: join(pictures, 'workbench.png'), animations: 'disabled' })
  }
  await page.reload()
  await stateIs(page, '通话')
  await hearsTone(page)
  say('calls again from the list by one key; a reload keeps the call')
}

async function isTakenOver(office: Office, first: Page): Promise<void> {
  const second = await office.seat('agent')
  const { page } = second
  let calledBack = 0
  first.on('websocket', (socket) => { if (socket.url().includes('/sip')) calledBack += 1 })
  await page.getByRole('button', { name: '在本页接管电话' }).click()
  await hearsTone(page)
  await first.getByRole('button', { name: '在本页接管电话' }).waitFor()
  await press(page, '挂断')
  await stateIs(page, '小结')
  await page.keyboard.press('Control+Enter')
  await stateIs(page, '就绪')
  assert.equal(calledBack, 0, 'the first page lets go')
  await first.getByRole('button', { name: '在本页接管电话' }).click()
  await page.getByRole('button', { name: '在本页接管电话' }).waitFor()
  await second.close()
  say('a second page takes the call over, and the first lets go; and the other way round')
}

async function isSupervised(office: Office, agent: Page, customerId: string): Promise<void> {
  const lead = await office.seat('supervisor')
  const { page } = lead
  await page.getByRole('link', { name: '监控' }).click()
  const row = page.locator('tr', { hasText: '王芳' })
  await row.getByText('就绪').waitFor()
  await dials(agent, customerId)
  await row.getByText('通话').waitFor()
  await page.getByText('先签入你的电话').waitFor()
  await page.getByRole('button', { name: '签入电话' }).click()
  await row.getByRole('button', { name: '监听' }).click()
  await row.getByRole('button', { name: '结束监听' }).waitFor()
  await hearsTone(page)
  await looksFor(page, 'wallboard')
  await row.getByRole('button', { name: '结束监听' }).click()
  await eventually('the lead hears nothing any more', () => share440(page), (share) => share < 0.1)
  say('the lead sees him talk, and listens')
  await row.getByRole('button', { name: '调整状态' }).click()
  await page.getByRole('menuitem', { name: '暂停' }).click()
  await page.getByRole('dialog').getByRole('textbox').fill('来一下会议室')
  await page.getByRole('dialog').getByRole('button', { name: '调整状态' }).click()
  await stateIs(agent, '暂停')
  await agent.getByText('来一下会议室').first().waitFor()
  await lead.close()
  say('the lead sets his state, and he reads why')
}

const product = await startProduct({ env: { CALLEE_CLOCK: '10:12', DEMO_CUSTOMERS: '300', LOG_LEVEL: 'info', AGENT_SIP_LISTEN: '127.0.0.1:0' }, timeoutMs: 180_000 })
say('the product is up')
const office = await Office.open(product.address)
try {
  const [admin, session] = [await product.signIn('admin'), await product.signIn('agent')]
  const { userId } = await session.get<{ userId: string }>('/api/hub/me')
  const customers = await customersOf(admin, userId)
  const tone = customers.get(TONE.name) as string
  const { page } = await office.seat('agent')
  await signsOn(page, session)
  await talks(page, tone)
  await wrapsUp(page)
  await wasHeard(product)
  await isOnTheTimeline(page, tone)
  await isRecorded(page, session, tone)
  await isHeld(office, tone)
  await saysWhyRecorded(page, customers.get(UNASKED.name) as string)
  await plugsInAHeadset(page, session)
  await reloads(page, tone)
  await isTakenOver(office, page)
  await isSupervised(office, page, tone)
  await isKeptFromReady(product)
  await hasADeskPhone(office, page)
  await seesTheTimes(page)
  assert.deepEqual(hindrances, [], 'nothing serious keeps anybody out')
  say('nothing on these pages keeps anybody out, light or dark')
  assert.deepEqual(office.faults, [], 'no page failed, asked anybody else, or ran what it should not')
} catch (error) {
  await office.pictures(join(tmpdir(), 'loopline-agent-failed'))
  console.error([String(error), `what was on the screen: ${tmpdir()}/loopline-agent-failed-*.png`, ...office.faults, ...product.output().split('\n').slice(-20)].join('\n'))
  process.exitCode = 1
} finally {
  await office.close()
  await product.drop()
}
