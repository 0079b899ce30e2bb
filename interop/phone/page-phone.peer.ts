/**
 * The telephone of a page, JsSIP in Chromium, through the gateway of a whole product: registers by its session, calls the
 * desk and nothing else, poses as nobody, is taken over by a second page, and goes with its session.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { Office } from '../console/browser.ts'
import { startProduct } from '../product.ts'

/** What page.mjs puts on the page. */
interface PhoneOfPage {
  register(options: { url: string; agentId: string; instanceId: string }): Promise<string>
  call(uri: string): Promise<string>
  connected(): Promise<string>
  ended(): Promise<string>
  hangUp(): void
  stop(): void
}

async function bundle(): Promise<string> {
  const built = await build({
    configFile: false, logLevel: 'error', define: { 'process.env.NODE_ENV': '"production"' },
    build: { write: false, minify: false, lib: { entry: fileURLToPath(new URL('page.mjs', import.meta.url)), formats: ['iife'], name: 'page' } },
  })
  const output = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []))
  const script = output.find((part) => part.type === 'chunk')
  assert(script?.type === 'chunk', 'one script comes out')
  return script.code
}

const script = await bundle()
const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0' } })
const office = await Office.open(product.address)

async function phoneOf(username: string): Promise<{ page: Page; userId: string; register(as?: string): Promise<string>; call(uri: string): Promise<string>; connected(): Promise<string>; ended(): Promise<string>; close(): Promise<void> }> {
  const { page, close } = await office.quiet(username)
  await page.addScriptTag({ content: script })
  const { userId } = await page.evaluate<{ userId: string }>("fetch('/api/hub/me').then((answer) => answer.json())")
  const url = `${product.address.replace('http', 'ws')}/api/voice/sip`
  const on = <Result>(text: string): Promise<Result> => page.evaluate<Result>(text)
  return {
    page, userId, close,
    register: (as = userId) => on(`phone.register(${JSON.stringify({ url, agentId: as, instanceId: randomUUID() } satisfies Parameters<PhoneOfPage['register']>[0])})`),
    call: (uri) => on(`phone.call(${JSON.stringify(uri)})`),
    connected: () => on('phone.connected()'),
    ended: () => on('phone.ended()'),
  }
}

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
