/** Makes the demo's customers once, all in one transaction: a start that is broken off leaves none, the next makes all. */
import { newId } from '@loopline/clock/new-id'
import type { Keyring } from '@loopline/keys/keyring'
import { copyIn, copyRow } from '@loopline/postgres/copy'
import { openPool } from '@loopline/postgres/pool'
import type { Queryable, Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Logger } from '@loopline/telemetry/logger'
import type { CustomerId } from '@loopline/vocabulary/ids'
import { Phone } from '@loopline/vocabulary/phone'
import { gramCode } from '../customer/gram-code.ts'
import { gramsOf } from '../customer/name-grams.ts'
import { countAssigned, sellers, type Seller } from '../team/team.sql.ts'
import { syntheticCustomer, type SyntheticCustomer } from './synthetic-customer.ts'

export interface DemoCustomers {
  databaseUrl: string
  keys: Keyring
  log: Logger
  customers: number
}

const BATCH = 2_000
const DAY_MS = 86_400_000
/** People are announced by hub within moments of its start; without them the customers are in the public pool. */
const PEOPLE_WITHIN_MS = 15_000

export async function ensureDemoCustomers({ databaseUrl, keys, log, customers }: DemoCustomers): Promise<void> {
  const db = openPool({ url: databaseUrl, name: 'demo customers', max: 2, log, statementTimeoutMs: 60_000 })
  try {
    if (await exist(db)) return
    const people = await knownSellers(db)
    await inTransaction(db, async (transaction) => {
      for (let first = 0; first < customers; first += BATCH) {
        await writeBatch(transaction, keys, people, first, Math.min(customers, first + BATCH))
      }
    })
    await db.sql`analyze crm.customer`
    log.info({ customers }, 'made the demo customers')
  } finally {
    await db.close()
  }
}

async function exist(db: Queryable): Promise<boolean> {
  const rows = await db.sql`select from crm.customer where sandbox limit 1`
  return rows.length > 0
}

async function knownSellers(db: Queryable): Promise<Seller[]> {
  const until = Date.now() + PEOPLE_WITHIN_MS
  for (;;) {
    const people = await sellers(db)
    if (people.length >= 4 || Date.now() > until) return people
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

interface Lines {
  customer: string
  phone: string
  phoneIndex: string
  consent: string
  search: string
}

async function writeBatch(transaction: Transaction, keys: Keyring, people: Seller[], from: number, to: number): Promise<void> {
  const lines: Lines = { customer: '', phone: '', phoneIndex: '', consent: '', search: '' }
  const given = new Map<Seller['userId'], number>()
  for (let index = from; index < to; index += 1) {
    const person = syntheticCustomer(index)
    const owner = person.owned && people.length > 0 ? (people[index % people.length] as Seller) : null
    if (owner) given.set(owner.userId, (given.get(owner.userId) ?? 0) + 1)
    addLines(lines, keys, person, owner)
  }
  await copyIn(transaction, 'crm.phone_index (blind_index, customer_id)', [lines.phoneIndex])
  await copyIn(transaction, `crm.customer (customer_id, name, company, level, status, owner_id, team_id, tags, region, industry, intent,
    marketing_consent, recording_consent, never_call, time_zone, last_follow_up_at, created_at, updated_at, touched_at, sandbox)`, [lines.customer])
  await copyIn(transaction, 'crm.phone (customer_id, phone_id, position, sealed, blind_index, last_four_index)', [lines.phone])
  await copyIn(transaction, 'crm.consent (customer_id, id, purpose, state, source, at, recorded_at)', [lines.consent])
  await copyIn(transaction, 'crm.customer_gram (customer_id, grams)', [lines.search])
  await countAssigned(transaction, given)
}

function addLines(lines: Lines, keys: Keyring, person: SyntheticCustomer, owner: Seller | null): void {
  const customerId = newId<CustomerId>()
  const now = Date.now()
  const came = new Date(now - person.cameDaysAgo * DAY_MS)
  const followedUp = person.lastFollowUpDaysAgo === null ? null : new Date(now - person.lastFollowUpDaysAgo * DAY_MS)
  lines.customer += copyRow([
    customerId, person.name, person.company, person.level, person.status, owner?.userId ?? null, owner?.teamId ?? null, person.tags,
    person.region, person.industry, person.intent, person.marketingConsent, person.recordingConsent, person.neverCall, person.timeZone,
    followedUp, came, came, new Date(now), true,
  ])
  person.phones.forEach((digits, position) => {
    const blindIndex = keys.blindIndex(digits)
    lines.phoneIndex += copyRow([blindIndex, customerId])
    lines.phone += copyRow([customerId, newId(), position, keys.sealPhone(new Phone(digits), customerId), blindIndex, keys.lastFourIndex(digits.slice(-4))])
  })
  for (const [purpose, state] of [['marketing', person.marketingConsent], ['recording', person.recordingConsent]] as const) {
    if (state !== 'unknown') lines.consent += copyRow([customerId, newId(), purpose, state, '官网表单（演示）', came, came])
  }
  lines.search += copyRow([customerId, `{${gramsOf(person.name, person.company).map(gramCode).join(',')}}`])
}
