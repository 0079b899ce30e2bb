/** Retention: what was kept as long as it must be is deleted, unless somebody put it under legal hold. */
import { folderOf } from '@loopline/recording/manifest'
import type { ObjectStore } from '@loopline/objects/object-store'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { beginDeletion, dueForDeletion, endDeletion } from './stored.sql.ts'
import type { RecordingKey } from './stored.sql.ts'
import { BY_ITSELF } from './verify-recordings.ts'

const AT_ONCE = 50
/** Whoever began a deletion and did not end it in this time is dead, or met an error. */
const BROKEN_OFF_MS = 2 * 60_000

/**
 * Deletes what is due; answers how many. In this order, each step harmless when it is done twice: the row says that it is
 * being deleted, the audit, the objects, proof that none is left, the row again. Killed in between, the next round goes on.
 */
export async function deleteDue(dialer: Dialer): Promise<number> {
  const store = dialer.objects
  if (store === null) return 0
  const due = await dueForDeletion(dialer.db, { ...instantsOf(dialer), limit: AT_ONCE })
  let deleted = 0
  for (const one of due) {
    try {
      if (await deleteOne(dialer, store, one)) deleted += 1
    } catch (error) {
      dialer.log.error({ err: error, attemptId: one.attemptId }, 'a recording could not be deleted; it is tried again')
    }
  }
  return deleted
}

async function deleteOne(dialer: Dialer, store: ObjectStore, one: RecordingKey & { keptUntil: Date }): Promise<boolean> {
  if (!(await beginDeletion(dialer.db, one, instantsOf(dialer)))) return false
  await audited(dialer, BY_ITSELF, 'recording:delete', one.attemptId, { customerId: one.customerId, because: 'retention', keptUntil: one.keptUntil.toISOString() })
  await removeAll(store, one)
  dialer.crashPoint('after-recording-removed')
  await endDeletion(dialer.db, one, new Date(dialer.clock.now()))
  return true
}

function instantsOf({ clock }: Dialer): { now: Date; brokenOff: Date } {
  return { now: new Date(clock.now()), brokenOff: new Date(clock.now() - BROKEN_OFF_MS) }
}

/** @throws when the store still lists some of it afterwards: then it is not deleted, whatever it answered. */
async function removeAll(store: ObjectStore, { attemptId }: RecordingKey): Promise<void> {
  const folder = folderOf(attemptId)
  for (const name of await store.list(folder)) await store.remove(name)
  const left = await store.list(folder)
  if (left.length > 0) throw new Error(`the store still holds ${left.length} objects of a recording that was deleted`)
}
