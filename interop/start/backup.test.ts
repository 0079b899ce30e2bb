/** The drill: what is backed up while it runs is there again in another folder, and by nobody without the keys. */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startProduct } from '../product.ts'

const LOOPLINE = fileURLToPath(new URL('../../bin/loopline.mjs', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'loopline backup '))
const SETTINGS = { LOOPLINE_ONLY: 'crm', DEMO_CUSTOMERS: '40', PORT: '0' }

interface Ended {
  code: number | null
  text: string
}

function loopline(home: string, ...words: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LOOPLINE, ...words], { encoding: 'utf8', env: { ...process.env, LOOPLINE_HOME: home } })
  return { code: status, text: stdout + stderr }
}

function homeWithKeys(name: string, keys: string | null): string {
  const home = join(root, name)
  mkdirSync(home, { recursive: true })
  if (keys !== null) writeFileSync(join(home, 'keys.json'), keys, { mode: 0o600 })
  return home
}

/** Keys of the same form, of no installation. */
function otherKeys(): string {
  const key = (): string => randomBytes(32).toString('base64')
  return JSON.stringify({ format: 1, dataKeys: [{ version: 1, key: key() }], blindIndexKey: key(), lastFourKey: key(), signingRoot: key() })
}

test('a running installation is backed up, and restored with its keys alone', async () => {
  const product = await startProduct({ withoutConsole: true, env: SETTINGS })
  onTestFinished(async () => {
    await product.drop()
    rmSync(root, { recursive: true, force: true })
  })
  const customers = '/api/crm/customers?limit=50&sort=created'
  const admin = await product.signIn('admin')
  const before = (await admin.get(customers)) as { items: { customerId: string; name: string; phones: { phoneId: string }[] }[] }
  expect(before.items).toHaveLength(40)
  const chunk = join('objects', 'recordings', 'a-call', '000000')
  mkdirSync(join(product.home, 'objects', 'recordings', 'a-call'), { recursive: true })
  writeFileSync(join(product.home, chunk), 'sealed sound')
  const backup = join(root, 'backup')
  expect(loopline(product.home, 'backup', backup)).toMatchObject({ code: 0, text: expect.stringContaining('keys.json') })
  const keys = readFileSync(join(product.home, 'keys.json'), 'utf8')
  const [first] = before.items
  const number = await admin.post(`/api/crm/customers/${first?.customerId}/phones/${first?.phones[0]?.phoneId}/reveal`)
  await product.stop()

  // Nothing of the backup can be read without the keys, and they are not in it.
  const files = readdirSync(backup, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(files.filter(({ name }) => name.includes('keys'))).toEqual([])
  const written = files.filter(({ name }) => name !== 'backup.json').map((entry) => readFileSync(join(entry.parentPath, entry.name)))
  expect(written.length).toBeGreaterThan(30)
  for (const bytes of written) expect(bytes.includes(first?.name ?? '?')).toBe(false)

  expect(loopline(homeWithKeys('none', null), 'restore', backup)).toMatchObject({ code: 1, text: expect.stringContaining('BACKUP_KEYS_MISSING') })
  expect(existsSync(join(root, 'none', 'keys.json'))).toBe(false)
  expect(loopline(homeWithKeys('others', otherKeys()), 'restore', backup)).toMatchObject({ code: 1, text: expect.stringContaining('BACKUP_KEYS_DIFFER') })

  const damaged = join(root, 'damaged')
  cpSync(backup, damaged, { recursive: true })
  const phones = join(damaged, 'tables', 'crm.phone')
  const bytes = readFileSync(phones)
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  writeFileSync(phones, bytes)
  const home = homeWithKeys('restored', keys)
  expect(loopline(home, 'restore', damaged)).toMatchObject({ code: 1, text: expect.stringMatching(/BACKUP_DAMAGED[^]*crm\.phone/) })
  // What was refused left nothing behind that stands in the way.
  expect(loopline(home, 'restore', backup)).toMatchObject({ code: 0, text: expect.stringContaining('rows restored') })
  expect(loopline(home, 'restore', backup)).toMatchObject({ code: 1, text: expect.stringContaining('RESTORE_TARGET_IN_USE') })

  const restored = await startProduct({ withoutConsole: true, env: SETTINGS, home })
  onTestFinished(async () => void (await restored.stop()))
  const again = await restored.signIn('admin')
  const after = (await again.get(customers)) as typeof before
  expect(after.items.map(({ customerId, name }) => [customerId, name])).toEqual(before.items.map(({ customerId, name }) => [customerId, name]))
  expect(await again.post(`/api/crm/customers/${first?.customerId}/phones/${first?.phones[0]?.phoneId}/reveal`)).toEqual(number)
  expect(await again.post('/api/hub/audit/verify')).toMatchObject({ findings: [] })
  expect(readFileSync(join(home, chunk), 'utf8')).toBe('sealed sound')
}, 300_000)
