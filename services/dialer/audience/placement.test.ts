import { compileCondition } from '@loopline/conditions/compile-condition'
import { CHINA_DEFAULT } from '@loopline/gate/default-packs'
import { ZoneClock } from '@loopline/gate/zone-clock'
import { newKeySet } from '@loopline/keys/key-file'
import { createKeyring } from '@loopline/keys/keyring'
import { DEFAULT_RULES } from '@loopline/rules/default-pack'
import { DEFAULT_PRIORITY_BY_LEVEL } from '@loopline/rules/priority'
import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { RuleId } from '@loopline/vocabulary/ids'
import { describe, expect, test } from 'vitest'
import { openRuleBook } from '../knowledge/rule-desk.ts'
import { customer } from '../test/scripted-crm.ts'
import { placementOf } from './placement.ts'

const NOW = Date.UTC(2026, 10, 22, 2)
const keys = createKeyring(newKeySet())
const book = openRuleBook({
  version: 1, priorityByLevel: { ...DEFAULT_PRIORITY_BY_LEVEL },
  rules: DEFAULT_RULES.map(({ id, name, when, condition, actions, stop }) => ({ id: id as RuleId, version: 1, name: name.zh, enabled: true, when, condition, actions: [...actions], stop })),
})
const compiled = compileCondition({ combinator: 'and', rules: [{ field: 'region', operator: '=', value: '上海' }] }, CUSTOMER_FIELDS)
if (!book.ok || !compiled.ok) throw new Error('the test is wrong')
const context = { audience: compiled.condition, rules: book.desk, gate: { pack: CHINA_DEFAULT, zones: new ZoneClock() }, now: NOW }

describe('where a customer belongs', () => {
  const cases: { name: string; fields: Partial<CustomerState>; want: object }[] = [
    { name: 'a member, by level', fields: { level: 'B' }, want: { matches: true, priority: 300, hold: null } },
    { name: 'high intent is earlier', fields: { level: 'B', intent: 'high' }, want: { matches: true, priority: 450 } },
    { name: 'elsewhere', fields: { region: '北京' }, want: { matches: false } },
    { name: 'deleted', fields: { deleted: true }, want: { matches: false } },
    { name: 'never to be called', fields: { neverCall: true }, want: { matches: true, hold: { reason: 'never-call', until: null } } },
    { name: 'no consent', fields: { marketingConsent: 'unknown' }, want: { hold: { reason: 'consent-unknown', until: null } } },
    { name: 'no number', fields: { phones: [] }, want: { hold: { reason: 'no-usable-phone', until: null } } },
    { name: 'paused', fields: { followUpPausedUntil: NOW + 1_000 }, want: { hold: { reason: 'follow-up-paused', until: NOW + 1_000 } } },
    { name: 'nobody knows the zone', fields: { timeZone: null }, want: { hold: { reason: 'time-zone-unknown', until: null } } },
  ]
  for (const c of cases) test(c.name, () => expect(placementOf(customer(keys, { region: '上海', ...c.fields }), context)).toMatchObject(c.want))

  test('the hour alone holds nobody back from the list', () => {
    const midnight = { ...context, now: Date.UTC(2026, 10, 22, 16) }
    expect(placementOf(customer(keys, { region: '上海' }), midnight).hold).toBeNull()
  })
  test('who came by API needs no condition and keeps the given priority', () => {
    expect(placementOf(customer(keys, { region: '北京' }), context, 77)).toMatchObject({ matches: true, priority: 77 })
  })
})
