import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { person, startHarness } from '../test/harness.ts'
import type { Harness } from '../test/harness.ts'

let crm: Harness
const admin = person('admin')
beforeAll(async () => { crm = await startHarness() })
afterAll(() => crm.close())

let next = 0
const number = (): string => `1391${String(1_000_000 + next++)}`

async function create(fields: object = {}) {
  const { status, body } = await crm.ask(admin, 'POST', '/customers', { name: '张伟', phones: [number()], ...fields })
  expect(status).toBe(201)
  return body
}

describe('creating', () => {
  test('keeps the customer, masks the phones and announces the whole row', async () => {
    await crm.takeEvents()
    const created = await create({
      company: '杭州蓝鲸科技有限公司', level: 'A', tags: ['VIP'], phones: ['139 1234 5678', '+86 010-62345678'],
      marketingConsent: { state: 'granted', source: '官网表单', at: '2026-01-04T08:00:00Z' },
    })
    expect(created.phones.map((phone) => phone.masked)).toEqual(['+86 ••• 5678', '+86 ••• 5678'])
    expect(created).toMatchObject({ version: 1, level: 'A', timeZone: 'Asia/Shanghai', marketingConsent: 'granted' })
    expect(created.consents).toMatchObject([{ purpose: 'marketing', source: '官网表单', at: '2026-01-04T08:00:00.000Z' }])
    const [event] = await crm.takeEvents()
    expect(event).toMatchObject({ type: 'crm.customer.changed', subject: created.customerId, data: { version: 1, level: 'A', phones: [{ position: 0 }, { position: 1 }] } })
    expect(JSON.stringify(event)).not.toContain('12345678')
  })

  test('refuses what is no number, and names its place', async () => {
    const { status, body } = await crm.ask(admin, 'POST', '/customers', { name: 'x', phones: ['13912345679', '12'.padEnd(5, '0')] })
    expect([status, body.error.code, body.error.details]).toEqual([422, 'PHONE_INVALID', { places: [1] }])
  })

  test('refuses a number of another customer and leaves nothing behind', async () => {
    const phone = number()
    await create({ phones: [phone] })
    const before = await crm.deps.db.sql`select from crm.customer`
    const { status, body } = await crm.ask(admin, 'POST', '/customers', { name: 'y', phones: [number(), phone] })
    expect([status, body.error.code, body.error.details]).toEqual([409, 'PHONE_TAKEN', { places: [1] }])
    expect(await crm.deps.db.sql`select from crm.customer`).toHaveLength(before.length)
  })
})

describe('editing', () => {
  test('moves the version, tells what changed on the timeline, keeps the history of consent', async () => {
    const created = await create()
    const edited = await crm.ask(admin, 'PATCH', `/customers/${created.customerId}`, {
      version: 1, level: 'A', marketingConsent: { state: 'refused', source: '电话', at: '2026-01-05T01:00:00Z' },
    })
    expect(edited.body).toMatchObject({ version: 2, level: 'A', marketingConsent: 'refused' })
    const { body } = await crm.ask(admin, 'GET', `/customers/${created.customerId}/timeline`)
    expect(body.items.map((item) => item.kind).sort()).toEqual(['consent', 'created', 'edit'])
    expect(body.items.find((item) => item.kind === 'edit')?.body.changes).toEqual({ level: { from: 'C', to: 'A' } })
  })

  test('of many writers naming one version exactly one wins; the others get the current row (P12)', async () => {
    const { customerId } = await create()
    const writers = ['A', 'B', 'C', 'D', 'A', 'B'].map((level, index) =>
      crm.ask(admin, 'PATCH', `/customers/${customerId}`, { version: 1, level, tags: [`writer ${index}`] }))
    const answers = await Promise.all(writers)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const losers = answers.filter(({ status }) => status === 409)
    expect(losers).toHaveLength(5)
    for (const { body } of losers) expect(body.error).toMatchObject({ code: 'VERSION_CONFLICT', details: { customerId, version: 2 } })
  })

  test('phones come and go, and a removed number is free again', async () => {
    const [first, second] = [number(), number()]
    const created = await create({ phones: [first] })
    const edited = await crm.ask(admin, 'PATCH', `/customers/${created.customerId}`, { version: 1, addPhones: [second], removePhones: [created.phones[0]?.phoneId] })
    expect(edited.body.phones).toMatchObject([{ masked: `+86 ••• ${second.slice(-4)}`, position: 0 }])
    await create({ phones: [first] })
  })

  test('a removed customer is gone for people and a tombstone for readers', async () => {
    const created = await create()
    await crm.takeEvents()
    expect((await crm.ask(admin, 'DELETE', `/customers/${created.customerId}?version=1`)).status).toBe(204)
    expect((await crm.ask(admin, 'GET', `/customers/${created.customerId}`)).status).toBe(404)
    expect(await crm.takeEvents()).toMatchObject([{ data: { customerId: created.customerId, deleted: true, version: 2, phones: [] } }])
  })

  test('a zone that no clock knows is refused', async () => {
    const { body } = await crm.ask(admin, 'POST', '/customers', { name: 'z', phones: [number()], timeZone: 'Asia/Atlantis' })
    expect(body.error.code).toBe('TIME_ZONE_UNKNOWN')
  })
})

describe('revealing a number', () => {
  test('is audited before it is answered, and refused when it cannot be (P17)', async () => {
    const phone = number()
    const created = await create({ phones: [phone] })
    const url = `/customers/${created.customerId}/phones/${created.phones[0]?.phoneId}/reveal`
    expect((await crm.ask(admin, 'POST', url)).body).toEqual({ phone: `+86${phone}` })
    expect(crm.audited.at(-1)).toMatchObject({ actorId: admin.sub, action: 'phone:reveal', subject: created.customerId })
    crm.auditFails = true
    const refused = await crm.ask(admin, 'POST', url)
    crm.auditFails = false
    expect([refused.status, refused.body.error.code]).toEqual([503, 'AUDIT_UNAVAILABLE'])
    expect((await crm.ask(person('agent'), 'POST', url)).status).toBe(403)
  })
})
