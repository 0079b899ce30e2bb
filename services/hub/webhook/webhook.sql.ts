import type { Queryable } from '@loopline/postgres/queryable'

export interface WebhookRow {
  id: string
  version: number
  url: string
  topics: string[]
  active: boolean
  secretSealed: Buffer
  previousSealed: Buffer | null
  previousUntil: Date | null
  generation: number
  since: Date | null
  createdBy: string
  deliveredAt: Date | null
  failedAt: Date | null
  failure: string | null
}

export function listWebhooks(db: Queryable): Promise<WebhookRow[]> {
  return db.sql<WebhookRow>`
    select id, version, url, topics, active, secret_sealed as "secretSealed", previous_sealed as "previousSealed", previous_until as "previousUntil",
           generation, since, created_by as "createdBy", delivered_at as "deliveredAt", failed_at as "failedAt", failure
      from hub.webhook order by id limit 200`
}

export async function findWebhook(db: Queryable, id: string): Promise<WebhookRow | undefined> {
  return (await listWebhooks(db)).find((row) => row.id === id)
}

export async function insertWebhook(db: Queryable, row: Pick<WebhookRow, 'id' | 'url' | 'topics' | 'secretSealed' | 'createdBy'>): Promise<void> {
  await db.execute`
    insert into hub.webhook (id, url, topics, secret_sealed, created_by) values (${row.id}, ${row.url}, ${row.topics}, ${row.secretSealed}, ${row.createdBy})`
}

/** Returns whether the version that was read is still the current one. */
export async function updateWebhook(db: Queryable, row: Pick<WebhookRow, 'id' | 'version' | 'url' | 'topics' | 'active'>): Promise<boolean> {
  return (await db.execute`
    update hub.webhook set version = version + 1, url = ${row.url}, topics = ${row.topics}, active = ${row.active}, failure = null, failed_at = null
     where id = ${row.id} and version = ${row.version}`) === 1
}

/** The new secret signs from now on, the former one beside it for a day. */
export async function rotateSecret(db: Queryable, id: string, secretSealed: Buffer): Promise<boolean> {
  return (await db.execute`
    update hub.webhook set version = version + 1, previous_sealed = secret_sealed, previous_until = now() + interval '1 day', secret_sealed = ${secretSealed}
     where id = ${id}`) === 1
}

/** Begins a new consumer group that starts at the beginning of the log. */
export async function startReplay(db: Queryable, id: string, since: Date): Promise<boolean> {
  return (await db.execute`
    update hub.webhook set version = version + 1, generation = generation + 1, since = ${since}, failure = null, failed_at = null where id = ${id}`) === 1
}

export async function deleteWebhook(db: Queryable, id: string): Promise<boolean> {
  return (await db.execute`delete from hub.webhook where id = ${id}`) === 1
}

export async function noteDelivered(db: Queryable, id: string): Promise<void> {
  await db.execute`update hub.webhook set delivered_at = now(), failure = null, failed_at = null where id = ${id}`
}

/** `stop`: the receiver said that it is gone for good. */
export async function noteFailure(db: Queryable, id: string, failure: string, stop: boolean): Promise<void> {
  await db.execute`
    update hub.webhook set failed_at = now(), failure = ${failure}, active = active and not ${stop}, version = version + ${stop ? 1 : 0} where id = ${id}`
}
