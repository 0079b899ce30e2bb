import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { inTransaction } from '@loopline/postgres/transaction'
import { DatabaseError } from '@loopline/postgres/errors'
import type { Queryable } from '@loopline/postgres/queryable'
import { person, startHarness } from '../test/harness.ts'
import type { Harness } from '../test/harness.ts'
import type { Actor } from '../deps.ts'
import { lockCustomers } from './customer.sql.ts'
import { openEditing } from './edit-customer.ts'
import type { EditCustomerInput } from './edited-fields.ts'
import { editRows } from './edit-rows.ts'
import type { EditAnswer } from './edit-rows.ts'
import { gatherEdits } from './gather-edits.ts'

let crm: Harness
const admin = person('admin')
const everywhere: Actor = { identity: admin, scope: 'all' }
beforeAll(async () => { crm = await startHarness() })
afterAll(() => crm.close())

let next = 0
async function create(fields: object = {}) {
  const { status, body } = await crm.ask(admin, 'POST', '/customers', { name: '张伟', phones: [`1392${String(1_000_000 + next++)}`], ...fields })
  expect(status).toBe(201)
  return { ...body, customerId: body.customerId as CustomerId }
}

const current = async (customerId: CustomerId) => (await crm.ask(admin, 'GET', `/customers/${customerId}`)).body
const timelineOf = async (customerId: CustomerId) => (await crm.ask(admin, 'GET', `/customers/${customerId}/timeline`)).body.items
const asked = (customerId: CustomerId, input: EditCustomerInput, actor = everywhere) => ({ actor, customerId, input, at: crm.clock.now() })
const code = (answer: EditAnswer | undefined): unknown => (answer?.kind === 'refused' ? (answer.error as { code: string }).code : answer?.kind)

/** crm's dependencies over a database where `before` is called with each statement's name. */
function watched(before: (name: string) => void | Promise<void>): typeof crm.deps {
  const run: Queryable['run'] = async (statement) => {
    await before(statement.name ?? '')
    return crm.deps.db.run(statement)
  }
  return { ...crm.deps, db: { ...crm.deps.db, run } }
}

test('edits of rows alone are two statements, however many, and each writes row, timeline item and event', async () => {
  const customers = await Promise.all(Array.from({ length: 3 }, () => create({ level: 'C', marketingConsent: { state: 'granted', source: '官网表单', at: '2026-01-04T08:00:00Z' } })))
  await crm.takeEvents()
  const statements: string[] = []
  const paused = '2026-02-01T00:00:00.000Z'
  const change = { version: 1, level: 'A', tags: ['a"b', 'c,d', '{}', 'null'], region: null, followUpPausedUntil: paused } as const
  const answers = await editRows(watched((name) => void statements.push(name)), customers.map(({ customerId }) => asked(customerId, { ...change, tags: [...change.tags] })))
  expect(statements).toEqual(['crm_whole_customers', 'crm_save_row_edits'])
  const events = await crm.takeEvents()
  expect(events).toHaveLength(3)
  for (const [index, { customerId, phones }] of customers.entries()) {
    const view = await current(customerId)
    expect(answers[index]).toEqual({ kind: 'written', view })
    expect(view).toMatchObject({ ...change, version: 2, phones, consents: [{ purpose: 'marketing', source: '官网表单', at: '2026-01-04T08:00:00.000Z' }] })
    expect(events.find(({ subject }) => subject === customerId)).toMatchObject({ data: { customerId, version: 2, level: 'A', followUpPausedUntil: Date.parse(paused), phones: [{ phoneId: phones[0]?.phoneId }] } })
    expect((await timelineOf(customerId))[0]).toMatchObject({ kind: 'edit', actorId: admin.sub, body: { changes: { level: { from: 'C', to: 'A' } } } })
  }
})

test('an edit that changes nothing moves the version and leaves no item', async () => {
  const { customerId } = await create()
  expect(await editRows(crm.deps, [asked(customerId, { version: 1 })])).toMatchObject([{ kind: 'written', view: { version: 2, level: 'C' } }])
  expect((await timelineOf(customerId)).map(({ kind }) => kind)).toEqual(['created'])
})

test('of fifty edits at once each gets its own answer: written, in conflict, not valid, not theirs', async () => {
  const customers = await Promise.all(Array.from({ length: 40 }, () => create()))
  await crm.takeEvents()
  const patch = (customerId: string, body: object, who = admin) => crm.ask(who, 'PATCH', `/customers/${customerId}`, body)
  const answers = await Promise.all([
    ...customers.map(({ customerId }, index) => patch(customerId, index % 4 === 3 ? { version: 7, level: 'A' } : { version: 1, level: 'A' })),
    ...customers.slice(0, 4).map(({ customerId }) => patch(customerId, { version: 1, timeZone: 'Asia/Atlantis' })),
    ...customers.slice(4, 8).map(({ customerId }) => patch(customerId, { version: 1, level: 'B' }, person('agent'))),
    patch('0199aaaa-0000-7000-8000-000000000000', { version: 1, level: 'B' }),
    patch(customers[0]?.customerId.toUpperCase() ?? '', { version: 2, level: 'D' }),
  ])
  const statuses = answers.map(({ status }) => status)
  expect(statuses.slice(0, 40)).toEqual(customers.map((_, index) => (index % 4 === 3 ? 409 : 200)))
  expect(answers[3]?.body.error).toMatchObject({ code: 'VERSION_CONFLICT', details: { customerId: customers[3]?.customerId, version: 1, level: 'C' } })
  // Whichever of the zone's edit and the level's was first: a zone that no clock knows, or a version that is gone.
  for (const { status } of answers.slice(40, 44)) expect([409, 422]).toContain(status)
  expect(statuses.slice(44, 49)).toEqual([404, 404, 404, 404, 404])
  expect([200, 409]).toContain(statuses[49])
  const written = answers.filter(({ status }) => status === 200).length
  expect(await crm.takeEvents()).toHaveLength(written)
})

test('of several edits of one customer in a batch the first wins, and the losers are told what it wrote', async () => {
  const { customerId } = await create()
  await crm.takeEvents()
  const answers = await editRows(crm.deps, [
    asked(customerId, { version: 4, level: 'D' }), asked(customerId, { version: 1, level: 'A' }), asked(customerId, { version: 1, level: 'B' }), asked(customerId, { version: 2, level: 'D' }),
  ])
  expect(answers).toMatchObject([
    { kind: 'refused', error: { code: 'VERSION_CONFLICT', details: { version: 1, level: 'C' } } },
    { kind: 'written', view: { version: 2, level: 'A' } },
    { kind: 'refused', error: { code: 'VERSION_CONFLICT', details: { version: 2, level: 'A' } } },
    { kind: 'not-here' },
  ])
  expect(await crm.takeEvents()).toMatchObject([{ data: { version: 2 } }])
})

test('a customer that changes between reading and writing, or is locked, holds up nobody and loses nothing', async () => {
  const [overtaken, locked, free] = await Promise.all([create(), create(), create()])
  await crm.takeEvents()
  await inTransaction(crm.deps.db, async (transaction) => {
    await lockCustomers(transaction, [locked.customerId])
    const deps = watched(async (name) => {
      if (name === 'crm_save_row_edits') await crm.deps.db.execute`update crm.customer set version = 2 where customer_id = ${overtaken.customerId}`
    })
    const answers = await editRows(deps, [overtaken, locked, free].map(({ customerId }) => asked(customerId, { version: 1, level: 'A' })))
    expect(answers.map(code)).toEqual(['not-here', 'not-here', 'written'])
  })
  expect(await crm.takeEvents()).toMatchObject([{ subject: free.customerId, data: { version: 2 } }])
  // Through the front door the same edits wait for the lock, or meet the newer version.
  const edit = openEditing(crm.deps)
  await expect(edit(everywhere, overtaken.customerId, { version: 1, level: 'A' })).rejects.toMatchObject({ code: 'VERSION_CONFLICT', details: { version: 2 } })
  expect(await edit(everywhere, locked.customerId, { version: 1, level: 'A' })).toMatchObject({ version: 2, level: 'A' })
})

test('a value that the database refuses fails its own edit alone', async () => {
  const [bad, good] = await Promise.all([create(), create()])
  const edit = openEditing(crm.deps)
  // The first goes at once; these two wait for it together.
  const answers = await Promise.allSettled([
    edit(everywhere, (await create()).customerId, { version: 1, level: 'A' }),
    edit(everywhere, bad.customerId, { version: 1, tags: ['\u0000'] }),
    edit(everywhere, good.customerId, { version: 1, level: 'A' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect([(await current(bad.customerId)).version, (await current(good.customerId)).version]).toEqual([1, 2])
})

test('an edit whose write got no answer is unknown, and the whole batch with it; one whose read got none goes another way', async () => {
  const [one, other] = await Promise.all([create(), create()])
  const lost = new DatabaseError('CONNECTION_LOST', 'gone')
  const edits = [one, other].map(({ customerId }) => asked(customerId, { version: 1, level: 'A' }))
  const failAt = (statement: string) => watched((name) => {
    if (name === statement) throw lost
  })
  expect((await editRows(failAt('crm_save_row_edits'), edits)).map(code)).toEqual(['COMMIT_UNKNOWN', 'COMMIT_UNKNOWN'])
  expect((await editRows(failAt('crm_whole_customers'), edits)).map(code)).toEqual(['not-here', 'not-here'])
})

test('a batch that dies between the rows and their events has written nothing', async () => {
  const customers = await Promise.all(Array.from({ length: 5 }, () => create()))
  await crm.takeEvents()
  const answers = await inTransaction(crm.deps.db, async (transaction) => {
    // Rows and timeline are written by then, and the statement waits for its last table.
    await transaction.execute`lock table crm.outbox in exclusive mode`
    const running = editRows(crm.deps, customers.map(({ customerId }) => asked(customerId, { version: 1, level: 'A' })))
    await endWaitingBackend()
    return running
  })
  expect(answers.map(code)).toEqual(Array.from({ length: 5 }, () => 'COMMIT_UNKNOWN'))
  for (const { customerId } of customers) {
    expect(await current(customerId)).toMatchObject({ version: 1, level: 'C' })
    expect((await timelineOf(customerId)).map(({ kind }) => kind)).toEqual(['created'])
  }
  expect(await crm.takeEvents()).toEqual([])
})

/** Ends the connection that waits for a lock while writing edits, as soon as there is one. */
async function endWaitingBackend(): Promise<void> {
  for (let ended = 0; ended === 0; ) {
    ended = await crm.deps.db.execute`
      select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%json_to_recordset%'`
  }
}

test('rules that watch changes are asked all the same', async () => {
  const { customerId } = await create()
  const deps = { ...crm.deps, book: { known: () => null } as unknown as typeof crm.deps.book }
  expect(await editRows(deps, [asked(customerId, { version: 1, level: 'B' })])).toEqual([{ kind: 'not-here' }])
})

test('the first of a burst goes at once; those that come meanwhile share the next batch', async () => {
  const customers = await Promise.all(Array.from({ length: 30 }, () => create()))
  const statements: string[] = []
  const gather = gatherEdits(watched((name) => void statements.push(name)))
  const answers = await Promise.all(customers.map(({ customerId }) => gather(asked(customerId, { version: 1, level: 'A' }))))
  expect(new Set(answers.map(code))).toEqual(new Set(['written']))
  expect(statements).toEqual(['crm_whole_customers', 'crm_save_row_edits', 'crm_whole_customers', 'crm_save_row_edits'])
})
