/**
 * Who hears what, through a whole product: an agent in Chromium whose microphone hears 1 kHz, a person at the sandbox's
 * number of 440 Hz. The page hears the person, the recording has each in a channel of its own, and who refused to be
 * recorded leaves nothing in the store. One changed byte is found; a killed voice leaves a recording that says it is cut.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Office } from '../console/browser.ts'
import { bundlePhone, PagePhone } from '../phone/page-phone.ts'
import { eventually, startProduct, type Session } from '../product.ts'
import { powerShare, readStereo, writeTone } from './tones.ts'

const LOOPLINE = fileURLToPath(new URL('../../bin/loopline.mjs', import.meta.url))
const CUSTOMER_HZ = 440
const SELLER_HZ = 1_000
/** Recordings are in chunks of two seconds; three of them say enough. */
const TALK_MS = 5_000

interface Me {
  state: string
  leg: string
  selfTest: { state: string }
  call: { attemptId: string; phase: string } | null
}

const folder = mkdtempSync(join(tmpdir(), 'loopline voices '))
const microphone = join(folder, 'microphone.wav')
writeFileSync(microphone, writeTone(SELLER_HZ))
const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12' } })
const office = await Office.open(product.address, { microphone })

interface Person {
  customerId: string
  version: number
}
let person: Person | null = null

interface Who {
  region: string
  recordingConsent: string
}

/** The person is called by a campaign of his own, is heard, and hung up on by the seller; the call. */
async function talkWith(who: Who, phone: PagePhone, seller: Session): Promise<string> {
  const { attemptId, campaignId, admin } = await beginToTalk(who, phone, seller)
  await seller.post(`/api/dialer/calls/${attemptId}/talk`, { do: 'hang-up' })
  await eventually('the seller is free', () => seller.get<Me>('/api/dialer/agents/me'), ({ state }) => state !== 'talking' && state !== 'wrap-up', 10_000)
  await admin.post(`/api/dialer/campaigns/${campaignId}/stop`, {})
  return attemptId
}

async function beginToTalk(who: Who, phone: PagePhone, seller: Session): Promise<{ attemptId: string; campaignId: string; admin: Session }> {
  const admin = await product.signIn('admin')
  const consent = (state: string): unknown => ({ state, source: 'test', at: new Date().toISOString() })
  const wishes = { region: who.region, marketingConsent: consent('granted'), recordingConsent: consent(who.recordingConsent) }
  // One number of the sandbox sounds the tone: its owner changes his mind about recordings.
  person = person === null
    ? await admin.post<Person>('/api/crm/customers', { name: '张伟', phones: ['13900000006'], ...wishes })
    : await admin.call<Person>('PATCH', `/api/crm/customers/${person.customerId}`, { version: (await admin.get<Person>(`/api/crm/customers/${person.customerId}`)).version, ...wishes })
  const { campaignId } = await admin.post<{ campaignId: string }>('/api/dialer/campaigns', {
    name: who.region, mode: 'progressive', wrapUpMs: 0, hangUpAfterMs: null, audience: { combinator: 'and', rules: [{ field: 'region', operator: '=', value: who.region }] },
  })
  await seller.post('/api/dialer/agents/me/sign-on', { pageId: `page-${who.region}`, campaignIds: [campaignId] })
  const me = (): Promise<Me> => seller.get<Me>('/api/dialer/agents/me')
  await eventually("the page's leg stands", me, ({ leg }) => leg === 'up')
  if ((await me()).selfTest.state !== 'passed') await phone.passTest(seller)
  await seller.post('/api/dialer/agents/me/state', { state: 'ready' })
  await admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
  const { call } = await eventually('they talk', me, ({ state }) => state === 'talking', 30_000)
  assert(call)
  await new Promise((resolve) => setTimeout(resolve, TALK_MS)) // the length of the recording
  const heard = await phone.heard([CUSTOMER_HZ])
  assert(heard.peak > 0.05 && (heard.shares[0] as number) > 0.9, `the page hears ${CUSTOMER_HZ} Hz: ${JSON.stringify(heard)}`)
  return { attemptId: call.attemptId, campaignId, admin }
}

/** `loopline recordings verify` in the product's folder. */
async function verifyAll(): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [LOOPLINE, 'recordings', 'verify'], { env: { ...process.env, LOOPLINE_HOME: product.home }, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString() })
  return new Promise((resolve) => { child.once('close', (code) => resolve({ code, said })) })
}

try {
  const phone = await PagePhone.open(office, { script: await bundlePhone(), username: 'agent', address: product.address })
  await phone.stand()
  const seller = await product.signIn('agent')
  const supervisor = await product.signIn('supervisor')

  const recorded = await talkWith({ region: 'recorded', recordingConsent: 'granted' }, phone, seller)
  console.log(`ok the page hears the person's ${CUSTOMER_HZ} Hz`)
  await eventually('the recording is whole', () => supervisor.get<{ state: string }>(`/api/dialer/recordings/${recorded}`), ({ state }) => state === 'complete')
  const wav = await supervisor.raw('GET', `/api/dialer/recordings/${recorded}/audio.wav`)
  assert.equal(wav.status, 200)
  const [left, right] = readStereo(Buffer.from(await wav.arrayBuffer()))
  const shares = { leftCustomer: powerShare(CUSTOMER_HZ, left), leftSeller: powerShare(SELLER_HZ, left), rightSeller: powerShare(SELLER_HZ, right), rightCustomer: powerShare(CUSTOMER_HZ, right) }
  assert(shares.leftCustomer > 0.9 && shares.leftSeller < 0.01 && shares.rightSeller > 0.9 && shares.rightCustomer < 0.01, JSON.stringify(shares))
  console.log('ok the recording has the person on the left, the seller on the right, and nothing of the other')

  const refused = await talkWith({ region: 'refused', recordingConsent: 'refused' }, phone, seller)
  assert.equal(existsSync(join(product.home, 'objects', 'recordings', recorded)), true)
  assert.deepEqual(readdirSync(join(product.home, 'objects', 'recordings')), [recorded])
  assert.equal((await supervisor.get<{ state: string }>(`/api/dialer/recordings/${refused}`)).state, 'not-recorded')
  console.log('ok who refused to be recorded leaves nothing in the store')

  const clean = await verifyAll()
  assert.deepEqual(clean, { code: 0, said: '1 recordings verified, 0 damaged.\n' })
  const chunk = join(product.home, 'objects', 'recordings', recorded, '000001')
  const bytes = readFileSync(chunk)
  bytes[1_000] = 1 ^ (bytes[1_000] as number)
  writeFileSync(chunk, bytes)
  const damaged = await verifyAll()
  assert.deepEqual([damaged.code, damaged.said.split('\n')[0]], [1, `${recorded}: chunk 1 changed`])
  assert.equal((await supervisor.get<{ state: string }>(`/api/dialer/recordings/${recorded}`)).state, 'incomplete')
  console.log('ok one changed byte in the store is found by the command, which says where')

  const { attemptId: cut } = await beginToTalk({ region: 'cut', recordingConsent: 'granted' }, phone, seller)
  process.kill(product.pidOf('voice'), 'SIGKILL')
  const killedAt = performance.now()
  const view = await eventually('the cut recording is flagged', () => supervisor.get<{ state: string; durationMs: number }>(`/api/dialer/recordings/${cut}`), ({ state }) => state === 'incomplete', 60_000)
  console.log(`ok the recording of a voice that was killed is incomplete ${Math.round(performance.now() - killedAt)} ms later`)
  assert(view.durationMs >= 2_000, JSON.stringify(view))
  const [what] = readStereo(Buffer.from(await (await supervisor.raw('GET', `/api/dialer/recordings/${cut}/audio.wav`)).arrayBuffer()))
  assert(powerShare(CUSTOMER_HZ, what) > 0.9)
  console.log('ok what was stored of it is heard')
} catch (error) {
  console.error(product.output())
  throw error
} finally {
  await office.close()
  await product.drop()
  rmSync(folder, { recursive: true, force: true })
}
