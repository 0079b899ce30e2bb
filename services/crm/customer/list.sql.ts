import { fragment, sqlText } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'
import type { Queryable } from '@loopline/postgres/queryable'
import { CUSTOMER_COLUMNS } from './customer-row.ts'
import type { CustomerRow } from './customer-row.ts'

export interface PageSql {
  where: SqlText
  after: SqlText
  orderBy: SqlText
  limit: number
}

/** Customers in the given order, as many as the limit says. */
export async function customerPage(q: Queryable, { where, after, orderBy, limit }: PageSql): Promise<CustomerRow[]> {
  const statement = fragment`select ${sqlText(CUSTOMER_COLUMNS, [])} from crm.customer c where ${where} and ${after} order by ${orderBy} limit ${limit}`
  return (await q.run<CustomerRow>(statement)).rows
}

/** How many rows match, counting no further than `max`. */
export async function countUpTo(q: Queryable, where: SqlText, max: number): Promise<number> {
  const { rows } = await q.run<{ count: number }>(fragment`select count(*) as count from (select from crm.customer c where ${where} limit ${max}) as found`)
  return rows[0]?.count ?? 0
}

/** What the planner believes about the number of rows; off by a factor of two at times, and free. */
export async function estimateCount(q: Queryable, where: SqlText): Promise<number> {
  const { rows } = await q.run<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(fragment`explain (format json) select from crm.customer c where ${where}`)
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
}
