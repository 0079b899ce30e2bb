import type { AudienceFacts } from '@loopline/contracts/audience-facts'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { Identity } from '@loopline/http/identity-token'
import type { UserId } from '@loopline/vocabulary/ids'
import { person, startHarness } from '../test/harness.ts'
import type { Answered, Harness } from '../test/harness.ts'

let crm: Harness
const [north, south] = [newId(), newId()]
const admin = person('admin')
const people = { northLead: person('supervisor', north), northAgent: person('agent', north), southAgent: person('agent', south) }

const CUSTOMERS = [
  { name: '张伟', company: '杭州蓝鲸科技有限公司', phones: ['13900001234'], level: 'A', region: '浙江', owner: people.northAgent },
  { name: '张伟明', company: null, phones: ['13900001235'], level: 'B', region: '上海', owner: people.northAgent },
  { name: '李娜', company: '上海张江软件园', phones: ['13800011234'], level: 'C', region: '上海', owner: people.southAgent },
  { name: 'John Smith', company: 'Acme', phones: ['+14155552671'], level: 'D', region: null, owner: null },
] as const

beforeAll(async () => {
  crm = await startHarness()
  for (const { sub, teamId, role, name } of [people.northAgent, people.southAgent]) {
    await crm.deps.db.sql`insert into crm.team_user (user_id, version, name, role, team_id, active) values (${sub as UserId}, 1, ${name}, ${role}, ${teamId}, true)`
  }
  for (const { owner, ...fields } of CUSTOMERS) {
    crm.clock.advance(1_000)
    const { status } = await crm.ask(admin, 'POST', '/customers', { ...fields, ownerId: owner?.sub ?? null })
    expect(status).toBe(201)
  }
})
afterAll(() => crm.close())

async function names(who: Identity, query: Record<string, string>): Promise<string[]> {
  const { status, body } = await crm.ask(who, 'GET', `/customers?${new URLSearchParams(query).toString()}`)
  expect(status).toBe(200)
  return body.items.map((item) => item.name)
}

describe('search decides by form', () => {
  const cases = [
    { search: '张', want: ['张伟明', '张伟'], why: 'a surname' },
    { search: '张伟', want: ['张伟明', '张伟'], why: 'a name and a longer one' },
    { search: 'zw', want: ['张伟明', '张伟'], why: 'pinyin initials' },
    { search: 'zhangwei', want: ['张伟明', '张伟'], why: 'pinyin' },
    { search: '蓝鲸', want: ['张伟'], why: 'a company' },
    { search: 'zjrj', want: ['李娜'], why: 'initials of a company' },
    { search: 'smith', want: ['John Smith'], why: 'a Latin name' },
    { search: '1234', want: ['李娜', '张伟'], why: 'the last four digits' },
    { search: '139 0000 1234', want: ['张伟'], why: 'an exact number' },
    { search: '+1 415 555 2671', want: ['John Smith'], why: 'a foreign number' },
    { search: '王五', want: [], why: 'nobody' },
    { search: '%', want: [], why: 'nothing to look for' },
  ]
  for (const c of cases) test(c.why, async () => expect(await names(admin, { search: c.search })).toEqual(c.want))
})

describe('scope', () => {
  const cases = [
    { who: admin, want: ['John Smith', '李娜', '张伟明', '张伟'], why: 'an admin sees all' },
    { who: people.northLead, want: ['张伟明', '张伟'], why: 'a lead sees the team' },
    { who: people.southAgent, want: ['李娜'], why: 'an agent sees own customers' },
    { who: person('supervisor'), want: [], why: 'a lead without a team sees nobody' },
  ]
  for (const c of cases) test(c.why, async () => expect(await names(c.who, {})).toEqual(c.want))

  test('holds in search, and by id it answers as if there were none (P18)', async () => {
    expect(await names(people.southAgent, { search: '张伟' })).toEqual([])
    expect(await names(people.northLead, { search: '1234' })).toEqual(['张伟'])
    const { body } = await crm.ask(admin, 'GET', '/customers?search=13900001234')
    const url = `/customers/${body.items[0]?.customerId}`
    for (const [method, at] of [['GET', url], ['GET', `${url}/timeline`]] as const) {
      expect((await crm.ask(people.southAgent, method, at)).status).toBe(404)
    }
    expect((await crm.ask(people.southAgent, 'PATCH', url, { version: 1, level: 'D' })).status).toBe(404)
    expect((await crm.ask(people.northAgent, 'PATCH', url, { version: 1, ownerId: people.southAgent.sub })).status).toBe(403)
  })

  test('an agent who adds a customer owns it', async () => {
    const { body } = await crm.ask(people.southAgent, 'POST', '/customers', { name: '新客户', phones: ['13700000001'] })
    expect(body).toMatchObject({ ownerId: people.southAgent.sub, teamId: south })
    expect((await crm.ask(people.southAgent, 'POST', '/customers', { name: 'x', phones: ['13700000002'], ownerId: people.northAgent.sub })).status).toBe(403)
    await crm.ask(admin, 'DELETE', `/customers/${body.customerId}?version=1`)
  })
})

describe('a list', () => {
  test('goes by condition', async () => {
    const condition = JSON.stringify({ combinator: 'and', rules: [{ field: 'region', operator: '=', value: '上海' }, { field: 'level', operator: 'in', value: ['A', 'B'] }] })
    expect(await names(admin, { condition })).toEqual(['张伟明'])
    const { status, body } = await crm.ask(admin, 'GET', `/customers?${new URLSearchParams({ condition: '{"field":"phone","operator":"=","value":"1"}' }).toString()}`)
    expect([status, body.error.code]).toEqual([422, 'CONDITION_INVALID'])
  })

  test('knows mine and the pool', async () => {
    expect(await names(people.northAgent, { view: 'mine' })).toEqual(['张伟明', '张伟'])
    expect(await names(admin, { view: 'pool' })).toEqual(['John Smith'])
  })

  const sorts = { updated: ['John Smith', '李娜', '张伟明', '张伟'], created: ['John Smith', '李娜', '张伟明', '张伟'], level: ['张伟', '张伟明', '李娜', 'John Smith'], followUp: ['张伟', '张伟明', '李娜', 'John Smith'] }
  for (const [sort, want] of Object.entries(sorts)) {
    test(`sorted by ${sort} pages through everyone once`, async () => {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const { body }: { body: Answered } = await crm.ask(admin, 'GET', `/customers?${new URLSearchParams({ sort, limit: '1', ...(cursor ? { cursor } : {}) }).toString()}`)
        seen.push(...body.items.map((item) => item.name))
        cursor = body.next
      } while (cursor)
      expect(seen).toEqual(want)
    })
  }

  test('refuses a foreign cursor', async () => {
    expect((await crm.ask(admin, 'GET', '/customers?cursor=abc')).body.error.code).toBe('CURSOR_INVALID')
    const crafted = Buffer.from(JSON.stringify(['now', "'; drop"])).toString('base64url')
    expect((await crm.ask(admin, 'GET', `/customers?cursor=${crafted}`)).body.error.code).toBe('CURSOR_INVALID')
  })
})

describe('what the dialer asks', () => {
  const dialer = { ...person('service'), sub: 'service:dialer' }
  const everyone = { combinator: 'and', rules: [] }

  test('the audience streams in order of ids and goes on behind one', async () => {
    const { body } = await crm.ask<unknown>(dialer, 'POST', '/internal/audience', { condition: everyone, includePossible: true })
    const states = String(body).trim().split('\n').map((line) => JSON.parse(line) as { customerId: string; phones: unknown[] })
    expect(states.map((state) => state.customerId)).toEqual(states.map((state) => state.customerId).sort())
    expect(states).toHaveLength(4)
    const { body: rest } = await crm.ask<unknown>(dialer, 'POST', '/internal/audience', { condition: everyone, afterCustomerId: states[2]?.customerId })
    expect(String(rest).trim().split('\n').map((line) => (JSON.parse(line) as { customerId: string }).customerId)).toEqual([states[3]?.customerId])
    const { body: byId } = await crm.ask(dialer, 'POST', '/internal/customers/by-id', { customerIds: [states[0]?.customerId, newId()] })
    expect(byId.customers).toEqual([states[0]])
  })

  test('what bears on whether they may be called comes in one line, numbers as blind indexes with their place', async () => {
    const { body } = await crm.ask<unknown>(dialer, 'POST', '/internal/audience-facts', { condition: everyone })
    const facts = String(body).trim().split('\n').flatMap((line) => JSON.parse(line) as AudienceFacts[])
    const { body: full } = await crm.ask<unknown>(dialer, 'POST', '/internal/audience', { condition: everyone })
    const states = String(full).trim().split('\n').map((line) => JSON.parse(line) as CustomerState)
    const { keys } = crm.deps
    expect(facts).toEqual(states.map((state) => [
      state.customerId, state.neverCall, state.status, state.marketingConsent, state.timeZone, state.followUpPausedUntil, state.sandbox,
      state.phones.map((phone) => {
        const digits = keys.openPhone(Buffer.from(phone.sealed, 'base64'), state.customerId).reveal()
        return [keys.blindIndexHex(digits), digits.slice(0, digits.startsWith('+1') ? 5 : 4), phone.state === 'usable']
      }),
    ]))
    expect((await crm.ask(admin, 'POST', '/internal/audience-facts', { condition: everyone })).status).toBe(403)
  })

  test('whoever may match later by time alone is streamed when asked for', async () => {
    const condition = { field: 'createdAt', operator: 'olderThanDays', value: 7 }
    expect((await crm.ask(dialer, 'POST', '/internal/audience-count', { condition })).body).toEqual({ matching: 0, estimated: false })
    expect((await crm.ask(dialer, 'POST', '/internal/audience-count', { condition, includePossible: true })).body.matching).toBe(4)
  })

  test('people may not ask it', async () => {
    expect((await crm.ask(admin, 'POST', '/internal/audience', { condition: everyone })).status).toBe(403)
  })
})
