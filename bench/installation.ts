/** A loaded installation for the benches: a demo with many customers, its database and the processor groups to watch. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPool } from '@loopline/postgres/pool'
import type { Database } from '@loopline/postgres/queryable'
import { startProduct, type Product, type Session } from '@loopline/interop/product'

export interface Bench {
  product: Product
  admin: Session
  db: Database
  /** Process ids by group: `ours` is everything a real installation runs, PostgreSQL included. */
  groups(carrier: number[]): Record<string, number[]>
  drop(): Promise<void>
}

export async function startBench(customers: number, env: Record<string, string> = {}): Promise<Bench> {
  const product = await startProduct({
    env: { DEMO_CUSTOMERS: String(customers), CALLEE_CLOCK: '10:12', LOG_LEVEL: 'warn', ...env }, timeoutMs: 600_000,
  })
  const { url } = JSON.parse(readFileSync(join(product.home, 'database.json'), 'utf8')) as { url: string }
  const db = openPool({ url, name: 'bench', max: 2, statementTimeoutMs: 120_000 })
  return {
    product, db, admin: await product.signIn('admin'),
    groups(carrier) {
      const run = product.run()
      const children = run.children.filter((child) => child.name !== 'sandbox').flatMap((child) => child.pid ?? [])
      const sandbox = run.children.filter((child) => child.name === 'sandbox').flatMap((child) => child.pid ?? [])
      return { ours: [...children, ...(run.postgres ? [run.postgres.pid] : [])], carrier: [...carrier, ...sandbox] }
    },
    async drop() {
      await db.close()
      await product.drop()
    },
  }
}
