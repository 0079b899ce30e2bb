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
  /** Process ids by group: each service, PostgreSQL, and the carrier (sipp and the sandboxes), which is not ours. */
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
      const { children, postgres } = product.run()
      const isSandbox = (name: string): boolean => name.startsWith('sandbox')
      const ours = children.filter(({ name }) => !isSandbox(name)).map(({ name, pid }) => [name, pid === null ? [] : [pid]] as const)
      const sandboxes = children.flatMap(({ name, pid }) => (isSandbox(name) && pid !== null ? [pid] : []))
      return { ...Object.fromEntries(ours), postgres: postgres ? [postgres.pid] : [], carrier: [...carrier, ...sandboxes] }
    },
    async drop() {
      await db.close()
      await product.drop()
    },
  }
}
