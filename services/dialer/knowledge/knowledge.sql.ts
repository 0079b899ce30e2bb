import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

export type KnowledgeKey = 'rules' | 'callee-clock' | 'law-packs'

export interface KnownValue {
  key: KnowledgeKey
  version: number
  value: unknown
}

export function readKnowledge(queryable: Queryable): Promise<KnownValue[]> {
  return queryable.sql<KnownValue>`select key, version, value from dialer.knowledge`
}

/** Keeps the newest version of each. */
export async function keepKnowledge(queryable: Queryable, { key, version, value }: KnownValue): Promise<void> {
  await queryable.execute`
    insert into dialer.knowledge as known (key, version, value) values (${key}, ${version}, ${json(value)})
    on conflict (key) do update set version = excluded.version, value = excluded.value where known.version < excluded.version`
}
