import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import type { SettingState } from '@loopline/contracts/setting-event'

export async function readSetting(db: Queryable, key: SettingState['key']): Promise<SettingState | undefined> {
  const [row] = await db.sql<SettingState>`select key, version, value from hub.setting where key = ${key}`
  return row
}

/** Returns whether the setting was not there yet. */
export async function insertSetting(db: Queryable, key: SettingState['key'], value: unknown): Promise<boolean> {
  return (await db.execute`
    insert into hub.setting (key, version, value, changed_by) values (${key}, 1, ${json(value)}, 'default') on conflict (key) do nothing`) === 1
}

/** Saves over the version that was read. Returns whether it was still the current one. */
export async function updateSetting(db: Queryable, { key, version, value }: SettingState, actorId: string): Promise<boolean> {
  return (await db.execute`
    update hub.setting set version = version + 1, value = ${json(value)}, changed_by = ${actorId}, changed_at = now()
     where key = ${key} and version = ${version}`) === 1
}
