/**
 * The telephone of a page, JsSIP in Chromium, through the gateway of a whole product: registers by its session, calls the
 * desk and nothing else, poses as nobody, is taken over by a second page, and goes with its session.
 */
import assert from 'node:assert/strict'
import { Office } from '../console/browser.ts'
import { startProduct } from '../product.ts'
import { bundlePhone, PagePhone } from './page-phone.ts'

const script = await bundlePhone()
const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0' } })
const office = await Office.open(product.address)

const phoneOf = (username: string): Promise<PagePhone> => PagePhone.open(office, { script, username, address: product.address })

try {
  const [wang, thief] = [await phoneOf('agent'), await phoneOf('agent2')]
  assert.equal(await wang.register(), 'registered')
  console.log('ok registers through the gateway, by its session alone')
  assert.equal(await thief.register(wang.userId), 'failed: Rejected 403')
  console.log('ok nobody registers as a colleague')
  assert.equal(await wang.call('sip:+8613900001234@loopline'), 'refused: 403')
  assert.equal(await wang.call(`sip:${thief.userId}@loopline`), 'refused: 403')
  console.log('ok calls the desk and nobody else')

  const second = await phoneOf('agent')
  assert.equal(await second.register(), 'registered')
  assert.equal(await wang.call('sip:desk@loopline'), 'accepted')
  assert.equal(await wang.connected(), 'connected')
  console.log('ok the desk answers, and the leg stands: ICE and DTLS')
  assert.equal(await second.call('sip:desk@loopline'), 'accepted')
  assert.match(await wang.ended(), /^remote: .*Taken over/)
  assert.equal(await second.connected(), 'connected')
  console.log('ok a second page takes over, and the first is told why')

  const closed = second.page.waitForEvent('websocket', { timeout: 15_000 }) // JsSIP tries again, and is refused
  await second.page.evaluate("fetch('/api/auth/sign-out', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })")
  await closed
  console.log('ok the telephone goes with the session')
} catch (error) {
  console.error(product.output())
  throw error
} finally {
  await office.close()
  await product.drop()
}
