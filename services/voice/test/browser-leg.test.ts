import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { browserPeer, type BrowserPeer } from './browser-peer.ts'
import { mediaOfTest, type MediaOfTest } from './media-of-test.ts'
import { rtpPeer, shareOf } from './rtp-peer.ts'

let media: MediaOfTest
const open: { close(): void }[] = []

afterEach(async () => {
  for (const each of open.splice(0)) each.close()
  await media.stop()
})

async function browserUp(): Promise<{ browser: BrowserPeer; agentId: ReturnType<MediaOfTest['browser']> }> {
  const browser = await browserPeer()
  open.push(browser)
  const agentId = media.browser(browser.wish, { codec: 'PCMA', telephoneEvent: 126, ptimeMs: 20, direction: 'sendrecv' })
  const { browser: place } = await media.first('ready')
  await browser.connect(place.port)
  await media.first('agent-leg', (message) => message.agentId === agentId && message.state === 'up')
  return { browser, agentId }
}

test('a person on plain RTP and an agent in a browser hear each other, under the SSRC that our SDP named', async () => {
  media = await mediaOfTest()
  const { browser, agentId } = await browserUp()
  const customer = await rtpPeer('PCMU')
  open.push(customer)
  const call = media.call(customer, { agentId })
  customer.keepSaying(440)
  browser.keepSaying(1_000)
  call.answer()
  await Promise.all([customer.when((heard) => heard.length >= 30), browser.when((heard) => heard.length >= 30)])
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.8)
  expect(shareOf(440, browser.heard)).toBeGreaterThan(0.8)
  expect(new Set(browser.heard.map(({ ssrc }) => ssrc))).toEqual(new Set([browser.wish.ssrc]))
})

test('packets that are not authentic change nothing, and plain RTP from a proven address is dropped (threat 10)', async () => {
  media = await mediaOfTest()
  const { browser, agentId } = await browserUp()
  const customer = await rtpPeer()
  open.push(customer)
  const call = media.call(customer, { agentId })
  call.answer()
  for (let count = 0; count < 200; count += 1) browser.send(Uint8Array.from(Buffer.concat([Buffer.from([0x80, 8]), randomBytes(170)])))
  browser.keepSaying(1_000)
  await customer.when((heard) => heard.length >= 20)
  expect(shareOf(1_000, customer.heard)).toBeGreaterThan(0.8)
})

test('a browser that no longer renews its consent is lost within some seconds, and the person hears music', async () => {
  media = await mediaOfTest()
  const { browser, agentId } = await browserUp()
  const customer = await rtpPeer()
  open.push(customer)
  media.call(customer, { agentId }).answer()
  browser.close()
  open.splice(open.indexOf(browser), 1)
  const lost = await media.first('agent-leg', (message) => message.agentId === agentId && message.state === 'lost')
  expect(lost.reason).toBe('consent-lost')
  await customer.when((heard) => heard.length >= 20)
})

test('f24: an agent who does not come back leaves nobody waiting: the person hears a word, and is hung up on', async () => {
  media = await mediaOfTest()
  const { browser, agentId } = await browserUp()
  const customer = await rtpPeer()
  open.push(customer)
  const call = media.call(customer, { agentId, fallback: { afterMs: 60_000, play: 'please-wait-en', then: 'wait' } })
  call.answer()
  await media.event('connected', call.attemptId)
  browser.close()
  open.splice(open.indexOf(browser), 1)
  const ended = await media.first('hang-up', ({ attemptId }) => attemptId === call.attemptId)
  expect(ended.why).toBe('agent-lost')
  expect(media.told.some(({ type }) => type === 'fell-back'), 'he was connected: no abandoned call').toBe(false)
})

test('f24: an agent whose page is back within the grace has his call back, and keeps it', async () => {
  media = await mediaOfTest()
  const { browser, agentId } = await browserUp()
  const customer = await rtpPeer()
  open.push(customer)
  const call = media.call(customer, { agentId })
  customer.keepSaying(440)
  call.answer()
  await media.event('connected', call.attemptId)
  browser.close()
  open.splice(open.indexOf(browser), 1)
  await media.first('agent-leg', (message) => message.agentId === agentId && message.state === 'lost')
  const again = await browserPeer()
  open.push(again)
  media.browser(again.wish, { codec: 'PCMA', telephoneEvent: 126, ptimeMs: 20, direction: 'sendrecv' }, agentId, 2)
  await again.connect((await media.first('ready')).browser.port)
  await again.when((heard) => heard.length > 15 && shareOf(440, heard.slice(-15)) > 0.8)
  const silent = again.heard.length
  await again.when((heard) => heard.length > silent + 200) // four seconds: longer than the grace
  expect(media.told.some(({ type }) => type === 'hang-up')).toBe(false)
})
