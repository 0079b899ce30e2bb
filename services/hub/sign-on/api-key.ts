import { createHmac, randomBytes } from 'node:crypto'
import { newId } from '@loopline/clock/new-id'
import type { Identity } from '@loopline/http/identity-token'
import type { Keyring } from '@loopline/keys/keyring'
import type { Queryable } from '@loopline/postgres/queryable'

export interface ApiKeyRow {
  id: string
  name: string
  createdBy: string
  createdAt: Date
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** 256 random bits need no slow hash; the keyed one makes a stolen table useless for guessing. */
const hashOf = (keys: Keyring, key: string): Buffer => createHmac('sha256', keys.signingKey('api-key')).update(key).digest()

/** A new key of the role integrator. The key itself is told once and kept nowhere. */
export async function createApiKey(db: Queryable, keys: Keyring, { name, createdBy }: { name: string; createdBy: string }): Promise<{ id: string; key: string }> {
  const id = newId()
  const key = `llk_${randomBytes(32).toString('base64url')}`
  await db.execute`insert into hub.api_key (id, name, key_hash, created_by) values (${id}, ${name}, ${hashOf(keys, key)}, ${createdBy})`
  return { id, key }
}

/** Who uses this key, or null when it was never given out or is revoked. Use is noted once a minute. */
export async function apiKeyIdentity(db: Queryable, keys: Keyring, key: string): Promise<Identity | null> {
  const [row] = await db.sql<{ id: string; name: string; stale: boolean }>`
    select id, name, coalesce(last_used_at < now() - interval '1 minute', true) as stale
      from hub.api_key where key_hash = ${hashOf(keys, key)} and revoked_at is null`
  if (!row) return null
  if (row.stale) await db.execute`update hub.api_key set last_used_at = now() where id = ${row.id}`
  return { sub: row.id, role: 'integrator', name: row.name, teamId: null }
}

export function listApiKeys(db: Queryable): Promise<ApiKeyRow[]> {
  return db.sql<ApiKeyRow>`
    select id, name, created_by as "createdBy", created_at as "createdAt", last_used_at as "lastUsedAt", revoked_at as "revokedAt"
      from hub.api_key order by created_at desc limit 1000`
}

/** Returns whether there was such a key in use. */
export async function revokeApiKey(db: Queryable, id: string): Promise<boolean> {
  return (await db.execute`update hub.api_key set revoked_at = now() where id = ${id} and revoked_at is null`) === 1
}
