import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sqlText } from '@loopline/postgres/sql'
import { testDatabase } from '@loopline/postgres/test-database'
import type { TestDatabase } from '@loopline/postgres/test-database'
import { parseCondition } from '../parse-condition.ts'
import { toPredicate } from '../predicate.ts'
import { toPossibleSql, toSql } from '../sql.ts'
import { CATALOGUE, NOW, TABLE, row, tree, zoneOffset } from './arbitrary.ts'

const ROWS = fc.sample(row, { numRuns: 400, seed: 20_260_302 })
const LATER = [0, 1, 3_600_000, 86_400_000, 30 * 86_400_000]
let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase()
  await database.db.run(sqlText(TABLE, []))
  const at = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))
  for (const [n, r] of ROWS.entries()) {
    await database.db.sql`insert into customer values (${n}, ${r.name}, ${r.level}, ${r.score}, ${r.attemptCount},
      ${r.neverCall}, ${at(r.lastFollowUpAt)}, ${at(r.pausedUntil)}, ${r.tags}, ${r.ownerId}, ${r.timeZone})`
  }
})

afterAll(() => database?.drop())

function parse(json: unknown) {
  const parsed = parseCondition(json, CATALOGUE)
  if (!parsed.ok) throw new Error(`${JSON.stringify(json)} ${JSON.stringify(parsed.errors)}`)
  return parsed.condition
}

async function matchedBySql(sql: { text: string; values: readonly unknown[] }): Promise<number[]> {
  const statement = sqlText(`select n from customer c where ${sql.text} order by n`, sql.values)
  const { rows } = await database.db.run<{ n: number }>(statement)
  return rows.map(({ n }) => n)
}

const indexesWhere = (matches: (r: object) => boolean): number[] => [...ROWS.keys()].filter((n) => matches(ROWS[n] as object))

test('predicate and SQL accept the same rows', async () => {
  await fc.assert(fc.asyncProperty(tree, async (json) => {
    const condition = parse(json)
    const predicate = toPredicate(condition, zoneOffset)
    expect(await matchedBySql(toSql(condition, { now: NOW, alias: 'c' }))).toEqual(indexesWhere((r) => predicate(r, NOW)))
  }), { numRuns: 1_000 })
})

test('a condition and its opposite split the rows in two', async () => {
  await fc.assert(fc.asyncProperty(tree, async (json) => {
    const matched = await matchedBySql(toSql(parse(json), { now: NOW, alias: 'c' }))
    const others = await matchedBySql(toSql(parse({ combinator: 'and', not: true, rules: [json] }), { now: NOW, alias: 'c' }))
    expect([...matched, ...others].toSorted((a, b) => a - b)).toEqual([...ROWS.keys()])
  }), { numRuns: 200 })
})

test('whoever matches at any later time is among the possible', async () => {
  await fc.assert(fc.asyncProperty(tree, async (json) => {
    const condition = parse(json)
    const predicate = toPredicate(condition, zoneOffset)
    const possible = new Set(await matchedBySql(toPossibleSql(condition)))
    const ever = indexesWhere((r) => LATER.some((later) => predicate(r, NOW + later)))
    expect(ever.filter((n) => !possible.has(n))).toEqual([])
  }), { numRuns: 200 })
})

test('parameters start where the statement says, and no value stands in the text', () => {
  const condition = parse({ combinator: 'and', rules: [
    { field: 'name', operator: 'contains', value: "50%_'; drop" }, { field: 'attemptCount', operator: 'between', value: [1, 3] }] })
  expect(toSql(condition, { now: NOW, alias: 'c', firstParameter: 4 })).toEqual({
    text: '((c."name" collate "C" like $4::text) and (c."attempt_count" between $5::double precision and $6::double precision))',
    values: [String.raw`%50\%\_'; drop%`, 1, 3],
  })
})
