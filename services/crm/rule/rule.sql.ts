import { json } from '@loopline/postgres/sql'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import type { RuleId } from '@loopline/vocabulary/ids'
import type { DecisionPoint } from '@loopline/vocabulary/rule-actions'

export interface RuleRow {
  id: RuleId
  key: string | null
  version: number
  position: number
  enabled: boolean
  when: DecisionPoint
  name: { zh: string; en: string }
  condition: unknown
  actions: unknown[]
  stop: boolean
}

export interface BookRow {
  version: number
  priorityByLevel: Record<string, number>
}

/** Rules in the order in which they are asked. */
export function rulesInOrder(q: Queryable): Promise<RuleRow[]> {
  return q.sql<RuleRow>`
    select id, key, version, position, enabled, "when", name, condition, actions, stop from crm.rule order by position, id`
}

export async function bookRow(q: Queryable): Promise<BookRow | null> {
  const [row] = await q.sql<BookRow>`select version, priority_by_level as "priorityByLevel" from crm.rule_book where book = 1`
  return row ?? null
}

export async function bookVersion(q: Queryable): Promise<number> {
  const [row] = await q.sql<{ version: number }>`select version from crm.rule_book where book = 1`
  return row?.version ?? 0
}

/** The book's row, locked: whoever holds it is the only one who changes rules. */
export async function lockBook(transaction: Transaction): Promise<BookRow | null> {
  const [row] = await transaction.sql<BookRow>`
    select version, priority_by_level as "priorityByLevel" from crm.rule_book where book = 1 for update`
  return row ?? null
}

export async function insertBook(transaction: Transaction, priorityByLevel: Record<string, number>): Promise<boolean> {
  return (await transaction.execute`
    insert into crm.rule_book (book, version, priority_by_level) values (1, 1, ${json(priorityByLevel)}::jsonb)
    on conflict (book) do nothing`) === 1
}

export async function insertRule(transaction: Transaction, rule: RuleRow): Promise<void> {
  await transaction.sql`
    insert into crm.rule (id, key, version, position, enabled, "when", name, condition, actions, stop)
    values (${rule.id}, ${rule.key}, ${rule.version}, ${rule.position}, ${rule.enabled}, ${rule.when}, ${json(rule.name)}::jsonb,
            ${json(rule.condition)}::jsonb, ${json(rule.actions)}::jsonb, ${rule.stop})
    on conflict (id) do nothing`
}

export async function saveMapping(transaction: Transaction, version: number, priorityByLevel: Record<string, number>): Promise<void> {
  await transaction.sql`
    update crm.rule_book set version = ${version}, priority_by_level = ${json(priorityByLevel)}::jsonb where book = 1`
}

export async function saveBookVersion(transaction: Transaction, version: number): Promise<void> {
  await transaction.sql`update crm.rule_book set version = ${version} where book = 1`
}

export async function switchRule(transaction: Transaction, id: string, enabled: boolean): Promise<void> {
  await transaction.sql`update crm.rule set enabled = ${enabled}, version = version + 1 where id = ${id}`
}
