/**
 * An office with `--lan`: Chromium comes by the machine's address in its network, is sent from http to https, trusts the
 * server by its certificate, and an agent there hears a customer over WSS, ICE and SRTP. Then the same product without TLS
 * under another name than localhost: the console says that this page gets no microphone, and what to do, in both languages.
 */
import assert from 'node:assert/strict'
import { X509Certificate, createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { share440 } from '../console/tone.ts'
import { Office } from '../console/browser.ts'
import { eventually, startProduct, type Product, type Session } from '../product.ts'

const began = performance.now()
const say = (what: string): void => console.log(`ok ${what} (${Math.round((performance.now() - began) / 1_000)} s)`)
/** Of the sandbox: it answers with a tone of 440 Hz. */
const TONE = '测试号码 06'

/** Chromium believes this very key, as if its authority had been installed; of every other it is as wary as ever. */
function trustOf(product: Product): string {
  const key = new X509Certificate(readFileSync(join(product.home, 'tls', 'server.pem'))).publicKey.export({ type: 'spki', format: 'der' })
  return `--ignore-certificate-errors-spki-list=${createHash('sha256').update(key).digest('base64')}`
}

async function givesTone(admin: Session, ownerId: string): Promise<string> {
  const condition = JSON.stringify({ combinator: 'and', rules: [{ field: 'name', operator: '=', value: TONE }] })
  const { items } = await admin.get<{ items: { customerId: string; version: number }[] }>(`/api/crm/customers?limit=5&condition=${encodeURIComponent(condition)}`)
  const [customer] = items
  assert(customer, 'the demo has its test numbers')
  await admin.call('PATCH', `/api/crm/customers/${customer.customerId}`, { version: customer.version, ownerId })
  return customer.customerId
}

async function talksOverTheNetwork(product: Product): Promise<void> {
  const address = new URL(product.address)
  assert.equal(address.protocol, 'https:')
  const [admin, agent] = [await product.signIn('admin'), await product.signIn('agent')]
  const { userId } = await agent.get<{ userId: string }>('/api/hub/me')
  const customerId = await givesTone(admin, userId)
  say(`trusts the authority that --lan made, and signs in at ${product.address}`)

  const office = await Office.open(product.address, { options: [trustOf(product)] })
  try {
    const { page } = await office.seat('agent')
    await page.goto(`http://${address.host}/customers`)
    assert.equal(page.url(), `${product.address}/customers`, 'plain http is sent on')
    assert.equal(await page.evaluate('isSecureContext'), true)
    say('whoever types http comes to the same page by https')
    await page.getByRole('button', { name: '签入电话' }).click()
    await page.locator('.phone-bar').getByRole('button', { name: '就绪', exact: true }).click()
    await page.locator('.my-state', { hasText: '就绪' }).waitFor()
    await page.goto(`/customers/${customerId}`)
    await page.getByRole('button', { name: '拨打', exact: false }).first().click()
    await page.locator('.my-state', { hasText: '通话' }).waitFor()
    const share = await eventually('the tone is heard in the page', () => share440(page), (heard) => heard > 0.5)
    say(`hears the customer through ${address.hostname}: ${Math.round(share * 100)} % is 440 Hz`)
    assert.deepEqual(office.faults.filter((fault) => !fault.endsWith(`asked http://${address.host}/customers`)), [])
  } catch (error) {
    console.error(office.faults.join('\n'))
    await office.pictures(join(product.home, 'failed'))
    throw error
  } finally {
    await office.close()
  }
}

/** What a browser says of our headers where none of them counts. */
const OF_INSECURE_PAGES = /Cross-Origin-Opener-Policy header has been ignored/

async function saysWhatToDo(name: string): Promise<void> {
  const office = await Office.open(`http://${name}`, { options: ['--host-resolver-rules=MAP loopline.test 127.0.0.1'] })
  try {
    for (const [locale, title, what, step] of [
      ['zh-CN', '本页不能打电话', '怎么办', /https:\/\/ 开头的地址/],
      ['en', 'No telephone on this page', 'What to do', /begins with https:\/\//],
    ] as const) {
      const { page } = await office.seat('agent', { locale })
      assert.equal(await page.evaluate('isSecureContext'), false)
      await page.getByRole('alert').getByText(title).waitFor()
      await page.getByRole('button', { name: what }).press('Enter')
      await page.getByText(step).waitFor()
      assert.equal(await page.getByRole('button', { name: locale === 'en' ? 'Sign on' : '签入电话' }).count(), 0)
      await page.goto('/customers')
      await page.locator('nav .place').first().waitFor()
      say(`an insecure page says so (${locale}), and the rest of the console works`)
    }
    const { page } = await office.seat('agent2')
    const made = await page.evaluate<number>(`fetch('/api/hub/me').then((answer) => answer.json()).then(({ userId }) =>
      fetch('/api/dialer/agents/' + userId + '/desk-phone', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{}' })).then(({ status }) => status)`)
    assert.equal(made, 200)
    await page.reload()
    await page.getByRole('button', { name: /^签入电话 · 话机/ }).waitFor()
    say('who has a desk telephone signs on with it from there')
    assert.deepEqual(office.faults.filter((fault) => !OF_INSECURE_PAGES.test(fault)), [])
  } finally {
    await office.close()
  }
}

const lan = await startProduct({ options: ['--lan'], env: { CALLEE_CLOCK: '10:12', DEMO_CUSTOMERS: '300' }, timeoutMs: 240_000 })
setDefaultCACertificates([...getCACertificates('default'), readFileSync(join(lan.home, 'tls', 'ca.crt'), 'utf8')])
try {
  await talksOverTheNetwork(lan)
} catch (error) {
  console.error(lan.output())
  throw error
} finally {
  await lan.drop()
}

const port = 10_000 + Math.floor(Math.random() * 10_000)
const plain = await startProduct({ env: { DEMO_CUSTOMERS: '0', PORT: String(port), PUBLIC_URL: `http://loopline.test:${port}` }, timeoutMs: 240_000 })
try {
  await saysWhatToDo(`loopline.test:${port}`)
} catch (error) {
  console.error(plain.output())
  throw error
} finally {
  await plain.drop()
}
