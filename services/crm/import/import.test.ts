import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNotifier } from '@loopline/postgres/notify'
import type { Notifier } from '@loopline/postgres/notify'
import type { ImportId } from '@loopline/vocabulary/ids'
import { person, startHarness } from '../test/harness.ts'
import type { Answered, Harness } from '../test/harness.ts'
import { runImport } from './run-import.ts'

let crm: Harness
let notifier: Notifier
const admin = person('admin')
const DECLARATION = { legalBasis: 'consent', source: '2025 杭州展会', collectedAt: '2025-12-20', evidence: '签名登记表' }

beforeAll(async () => {
  crm = await startHarness()
  notifier = createNotifier({ url: crm.database.url, name: 'test' })
})
afterAll(async () => {
  await notifier.close()
  await crm.close()
})

/** Uploads a file and imports it here instead of on a thread. */
async function importFile(file: string, options: object): Promise<Answered> {
  const started = await crm.upload(admin, '/imports', file, options)
  expect(started.status).toBe(202)
  await runImport({ db: crm.deps.db, notifier, keys: crm.deps.keys, dataDir: crm.deps.dataDir, importId: started.body.importId as ImportId, shouldStop: () => false })
  return (await crm.ask(admin, 'GET', `/imports/${started.body.importId}`)).body
}
const find = async (search: string): Promise<Answered['items']> => (await crm.ask(admin, 'GET', `/customers?${String(new URLSearchParams({ search }))}`)).body.items
const errorsOf = async (importId: string): Promise<string> => (await crm.ask<string>(admin, 'GET', `/imports/${importId}/errors`)).body

describe('the preview', () => {
  const FILE = '客户姓名,公司名称,手机号,备用电话,客户级别,标签\n张三,杭州蓝鲸有限公司,13812340001,,A,"展会,VIP"\n李四,,12345,,B,\n王五,,13812340003,010-62345678,Z,\n'

  test('guesses columns from headers, masks numbers, and says how many may not be called and why', async () => {
    const { status, body } = await crm.upload(admin, '/imports/preview', FILE)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      columns: ['name', 'company', 'phone', 'phone2', 'level', 'tags'], hasHeader: true, sampled: 3, callable: 0,
      notCallable: [{ reason: 'consent-unknown', count: 2 }, { reason: 'row-invalid', count: 1 }],
      errors: [{ row: 3, code: 'PHONE_INVALID', column: 'phone' }, { row: 4, code: 'LEVEL_UNKNOWN', column: 'level' }],
    })
    expect(JSON.stringify(body.rows)).toContain('+86 ••• 0001')
    expect(JSON.stringify(body)).not.toContain('13812340001')
  })

  test('with a declaration of consent they may', async () => {
    const { body } = await crm.upload(admin, '/imports/preview', FILE, { declaration: DECLARATION })
    expect(body).toMatchObject({ callable: 2, notCallable: [{ reason: 'row-invalid', count: 1 }] })
  })

  test('reads GB18030 and files without a header', async () => {
    // 张三,13812340001,浙江 in GB18030, as Excel in China saves it.
    const line = Buffer.concat([Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]), Buffer.from(',13812340001,'), Buffer.from([0xd5, 0xe3, 0xbd, 0xad]), Buffer.from('\n')])
    const { body } = await crm.upload(admin, '/imports/preview', Buffer.concat([line, line]))
    expect(body).toMatchObject({ columns: ['name', 'phone', 'region'], hasHeader: false, rows: [['张三', '+86 ••• 0001', '浙江'], expect.anything()] })
  })

  test('leaves no file behind', async () => expect(await readdir(crm.deps.dataDir)).toEqual([]))
})

describe('an import', () => {
  test('stores customers with proven consent, tells of them in one event, and removes the upload', async () => {
    await crm.takeEvents()
    const done = await importFile('姓名,公司,电话,地区\n赵六,上海未来贸易有限公司,139 1111 0001,上海\n钱七,,+1 415 555 2671,\n', { columns: ['name', 'company', 'phone', 'region'], declaration: DECLARATION })
    expect(done).toMatchObject({ state: 'done', rowsRead: 2, created: 2, failed: 0, notCallable: 1, errorFile: false })
    const [found] = await find('赵六')
    expect(found).toMatchObject({ company: '上海未来贸易有限公司', region: '上海', marketingConsent: 'granted', recordingConsent: 'unknown', timeZone: 'Asia/Shanghai' })
    expect(found?.consents).toMatchObject([{ purpose: 'marketing', source: '2025 杭州展会', at: '2025-12-19T16:00:00.000Z' }])
    const events = await crm.takeEvents()
    expect(events).toMatchObject([{ type: 'crm.customer.imported', data: { importId: done.importId, customerIds: { length: 2 } } }])
    const { body } = await crm.ask(admin, 'GET', `/customers/${found?.customerId}/timeline`)
    expect(body.items).toMatchObject([{ kind: 'imported', actorName: 'a admin', body: { fileName: '客户.csv', legalBasis: 'consent' } }])
    expect((await readdir(crm.deps.dataDir)).filter((name) => name.endsWith('.upload'))).toEqual([])
  })

  test('without a declaration keeps the rows and calls nobody', async () => {
    expect(await importFile('孙八,13911110008\n', { columns: ['name', 'phone'], hasHeader: false })).toMatchObject({ created: 1, notCallable: 1 })
    expect(await find('孙八')).toMatchObject([{ marketingConsent: 'unknown' }])
  })

  test('a grant in a row needs source and time; a refusal needs nothing', async () => {
    const done = await importFile('周一,13911110011,是,官网,2026-01-02\n周二,13911110012,是,,\n周三,13911110013,否,,\n', { columns: ['name', 'phone', 'marketingConsent', 'consentSource', 'consentAt'], hasHeader: false })
    const states = await Promise.all(['周一', '周二', '周三'].map(async (name) => (await find(name))[0]?.marketingConsent))
    expect(states).toEqual(['granted', 'unknown', 'refused'])
    expect(await errorsOf(done.importId)).toBe('row,column,code,kept\n2,marketingConsent,CONSENT_WITHOUT_SOURCE,yes\n')
  })

  test('names each faulty row in the error file, and nothing of what stood there', async () => {
    const done = await importFile('姓名,手机\n吴九,13911110021\n,13911110022\n郑十,139111100\n', { columns: ['name', 'phone'] })
    expect(done).toMatchObject({ rowsRead: 3, created: 1, failed: 2, errorFile: true })
    expect(await errorsOf(done.importId)).toBe('row,column,code,kept\n3,name,NAME_MISSING,no\n4,phone,PHONE_INVALID,no\n')
  })

  const policies = [
    { duplicates: 'skip', want: { name: '冯一', region: null, industry: '软件', version: 1 }, counts: { created: 0, updated: 0, skipped: 2 } },
    { duplicates: 'fill', want: { name: '冯一', region: '北京', industry: '软件', version: 2 }, counts: { created: 0, updated: 1, skipped: 1 } },
    { duplicates: 'overwrite', want: { name: '冯二', region: '北京', industry: '餐饮', version: 3 }, counts: { created: 0, updated: 1, skipped: 1 } },
  ] as const
  for (const { duplicates, want, counts } of policies) {
    test(`meets a known number: ${duplicates}`, async () => {
      const phone = '13911110031'
      if (duplicates === 'skip') await importFile(`冯一,${phone},软件\n`, { columns: ['name', 'phone', 'industry'], hasHeader: false })
      const file = `冯二,${phone},北京,餐饮,13911110032\n冯二,${phone},北京,餐饮,\n`
      const done = await importFile(file, { columns: ['name', 'phone', 'region', 'industry', 'phone2'], hasHeader: false, duplicates })
      expect(done).toMatchObject(counts)
      expect((await find(phone))[0]).toMatchObject(want)
      expect((await find(phone))[0]?.phones).toHaveLength(duplicates === 'skip' ? 1 : 2)
    })
  }

  test('a refusal is not lifted by a later file', async () => {
    await importFile('周三,13911110013\n', { columns: ['name', 'phone'], hasHeader: false, duplicates: 'overwrite', declaration: DECLARATION })
    expect(await find('周三')).toMatchObject([{ marketingConsent: 'refused' }])
  })

  test('that cannot be read fails once and says why', async () => {
    expect(await importFile('a\u0000b,c\n', { columns: ['name', 'phone'] })).toMatchObject({ state: 'failed', failure: 'IMPORT_FILE_UNREADABLE' })
  })

  test('needs the right, the file and sound options', async () => {
    expect((await crm.upload(person('agent'), '/imports', 'x', { columns: ['name'] })).status).toBe(403)
    expect((await crm.upload(admin, '/imports', 'x', { columns: ['secret'] })).body.error.code).toBe('IMPORT_OPTIONS_INVALID')
    expect((await crm.ask(admin, 'POST', '/imports', { columns: [] })).body.error.code).toBe('IMPORT_FILE_MISSING')
  })
})
