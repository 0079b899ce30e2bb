import { afterAll, beforeAll, expect, test } from 'vitest'
import { person, startHarness } from '../test/harness.ts'
import type { Harness } from '../test/harness.ts'
import { seedRules } from './seed-rules.ts'

let crm: Harness
const admin = person('admin')
beforeAll(async () => { crm = await startHarness() })
afterAll(() => crm.close())

test('the book ships the six classic rules as sentences, once', async () => {
  await seedRules(crm.deps)
  const { body } = await crm.ask(person('agent'), 'GET', '/rules')
  expect(body.rules.map(({ key }) => key)).toEqual(['a-level-prefers-4g', 'invalid-number-stops', 'connected-to-senior-seller', 'rejected-three-times-pauses', 'high-intent-first', 'no-answer-changes-hour'])
  expect(body.rules[1]?.sentence).toEqual({ zh: expect.stringContaining('通话结果为 空号'), en: expect.stringContaining('outcome is invalid-number') })
  expect(body.priorityByLevel).toEqual({ A: 400, B: 300, C: 200, D: 100 })
})

test('a new mapping is announced with the whole book, under its version', async () => {
  await crm.takeEvents()
  const changed = await crm.ask(admin, 'PUT', '/rules/mapping', { version: 1, priorityByLevel: { A: 900, B: 300, C: 200, D: 100 } })
  expect(changed.body).toMatchObject({ version: 2, priorityByLevel: { A: 900 } })
  expect(await crm.takeEvents()).toMatchObject([{ type: 'crm.rule.changed', data: { version: 2, rules: { length: 6 }, priorityByLevel: { A: 900 } } }])
  const late = await crm.ask(admin, 'PUT', '/rules/mapping', { version: 1, priorityByLevel: { A: 1 } })
  expect([late.status, late.body.error.code]).toEqual([409, 'VERSION_CONFLICT'])
  expect((await crm.ask(person('agent'), 'PUT', '/rules/mapping', { version: 2, priorityByLevel: { A: 1 } })).status).toBe(403)
  const { body } = await crm.ask({ ...admin, role: 'service' }, 'GET', '/internal/rules')
  expect(body).toMatchObject({ version: 2, rules: { length: 6 } })
})

test('a rule on a change acts in the same version and event, and is named as the cause', async () => {
  await crm.deps.db.sql`
    insert into crm.rule (id, version, position, enabled, "when", name, condition, actions, stop)
    values ('00000000-0000-7000-8000-0000000000aa', 1, 100, true, 'customer-changed', '{"zh": "高意向打标", "en": "tag"}',
      '{"field": "intent", "operator": "=", "value": "high"}', '[{"kind": "add-tag", "tag": "重点"}]', false)`
  await crm.deps.db.sql`update crm.rule_book set version = version + 1`
  const { body } = await crm.ask(admin, 'POST', '/customers', { name: '李娜', phones: ['13800000123'] })
  await crm.takeEvents()
  const edited = await crm.ask(admin, 'PATCH', `/customers/${body.customerId}`, { version: 1, intent: 'high' })
  expect(edited.body).toMatchObject({ version: 2, tags: ['重点'] })
  expect(await crm.takeEvents()).toMatchObject([{ causation: '00000000-0000-7000-8000-0000000000aa', data: { version: 2, tags: ['重点'] } }])
  const { body: timeline } = await crm.ask(admin, 'GET', `/customers/${body.customerId}/timeline`)
  expect(timeline.items.map(({ kind }) => kind).sort()).toEqual(['created', 'edit', 'rule'])
})
