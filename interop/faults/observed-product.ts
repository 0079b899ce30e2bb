/** A whole product with a running campaign, and what a fault test asks of its database and carriers. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readCarrierLog, type CarrierCall } from '../chaos/carrier-log.ts'
import type { AttemptRow } from '../chaos/judge.ts'
import { eventually, startProduct, type ChildStatus, type Product, type Session } from '../product.ts'

/** Two calls a person and day at most, so that a retry is legal and a third call is not. */
export const CAP = 2
export const RATE_PER_SECOND = 12
const CARRIERS = ['sandbox', 'sandbox-chinese']

export class ObservedProduct {
  readonly product: Product
  readonly databaseUrl: string
  readonly #crashFile: string
  readonly #admin: Session
  #campaignId = ''

  private constructor(product: Product, admin: Session, crashFile: string) {
    this.product = product
    this.#admin = admin
    this.#crashFile = crashFile
    this.databaseUrl = (JSON.parse(readFileSync(join(product.home, 'database.json'), 'utf8')) as { url: string }).url
  }

  static async start(customers: number, folder: string): Promise<ObservedProduct> {
    const crashFile = join(folder, 'crash-once')
    const preload = new URL('./crash-once.ts', import.meta.url).href
    const product = await startProduct({
      withoutConsole: true,
      env: { DEMO_CUSTOMERS: String(customers), CALLEE_CLOCK: '10:12', LOG_LEVEL: 'error', NODE_OPTIONS: `--import ${preload}`, CRASH_ONCE_FILE: crashFile },
      timeoutMs: 180_000,
    })
    return new ObservedProduct(product, await product.signIn('admin'), crashFile)
  }

  async startCampaign(): Promise<void> {
    const { campaignId } = await this.#admin.post<{ campaignId: string }>('/api/dialer/campaigns', {
      name: 'faults', ratePerSecond: RATE_PER_SECOND, maxConcurrent: 300, ringTimeMs: 8_000, hangUpAfterMs: 2_000, attemptsPerPersonPerDay: CAP,
      audience: { combinator: 'and', rules: [{ field: 'marketingConsent', operator: '=', value: 'granted' }] },
      retry: { maxAttempts: 5, afterMinutes: { busy: 0, 'no-answer': 0, rejected: 0, unreachable: 0, 'line-failed': 0, cancelled: 0, unknown: 0 } },
    })
    this.#campaignId = campaignId
    await this.#admin.post(`/api/dialer/campaigns/${campaignId}/start`)
    await this.dialsOn(5)
  }

  /** The next dialer to start kills itself at this point. */
  crashNextDialerAt(point: string): void {
    writeFileSync(this.#crashFile, point)
  }

  child(name: string): ChildStatus {
    const found = this.product.run().children.find((status) => status.name === name)
    if (!found) throw new Error(`no child ${name}`)
    return found
  }

  signal(name: string, signal: NodeJS.Signals): void {
    process.kill(this.product.pidOf(name), signal)
  }

  /** Waits until that many more attempts are made. @returns how long that took, ms. */
  async dialsOn(more: number, dialerId?: string): Promise<number> {
    const started = performance.now()
    const count = (): Promise<number> => this.number('select count(*)::int as n from dialer.attempt where $1::uuid is null or dialer_id = $1', dialerId ?? null)
    const before = await eventually('the database answers', count, () => true, 30_000)
    await eventually('dialling goes on', count, (now) => now >= before + more, 45_000)
    return Math.round(performance.now() - started)
  }

  /** Ends the campaign and waits until every call and every outcome is through. */
  async comeToRest(): Promise<void> {
    await eventually('the campaign is paused', () => this.#admin.post(`/api/dialer/campaigns/${this.#campaignId}/pause`), () => true, 30_000)
    await eventually('no call is up at a carrier', () => this.callsUp(), (open) => open === 0, 60_000)
    await eventually('every attempt is closed', () => this.number('select count(*)::int as n from dialer.attempt where ended_at is null'), (open) => open === 0, 45_000)
    await eventually('no entry is leased', () => this.number('select count(*)::int as n from dialer.entry where state in (\'leased\', \'dialing\')'), (held) => held === 0, 30_000)
    await eventually('the timelines have caught up', () => this.number(`
      select (select count(*) from dialer.attempt)::int - (select count(distinct id) from crm.timeline where kind = 'call')::int as n`), (lag) => lag <= 0, 30_000)
      .catch(() => undefined) // the judge names what is missing
  }

  async callsUp(): Promise<number> {
    const open = await Promise.all(CARRIERS.map(async (name) => (await (await fetch(`${String(this.child(name).told['control'])}/calls`)).json()) as { open: number }))
    return open.reduce((sum, each) => sum + each.open, 0)
  }

  /** What really reached both carriers; a person has the same hash at either. */
  carrierCalls(): CarrierCall[] {
    return CARRIERS.flatMap((name) => readCarrierLog(join(this.product.home, 'log', `${name}-calls.ndjson`)))
  }

  attempts(): Promise<AttemptRow[]> {
    return this.query<AttemptRow & pg.QueryResultRow>(`
      select a.id, a.customer_id as "customerId", a.outcome, a.epoch,
             (select count(*)::int from crm.timeline t where t.customer_id = a.customer_id and t.id = a.id and t.kind = 'call') as "timelineItems"
        from dialer.attempt a`)
  }

  /** A connection per question: the database is one of the things that die. */
  async query<Row extends pg.QueryResultRow>(text: string, ...values: unknown[]): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl, connectionTimeoutMillis: 2_000, query_timeout: 10_000 })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return (await client.query<Row>(text, values)).rows
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  async number(text: string, ...values: unknown[]): Promise<number> {
    const [row] = await this.query<{ n: number }>(text, ...values)
    return row?.n ?? 0
  }
}
