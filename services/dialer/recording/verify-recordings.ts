/** Holds the store against what was told of recordings: that every chunk is there, as long as it was, unchanged and in its place. */
import { chainHash } from '@loopline/keys/chain-hash'
import { KeyError } from '@loopline/keys/key-file'
import { SEAL_BYTES } from '@loopline/keys/keyring'
import type { Keyring } from '@loopline/keys/keyring'
import { ObjectStoreError } from '@loopline/objects/object-store'
import type { ObjectStore } from '@loopline/objects/object-store'
import { ChainCheck, chunkKey } from '@loopline/recording/manifest'
import type { Finding, Manifest } from '@loopline/recording/manifest'
import type { Identity } from '@loopline/http/identity-token'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { readManifest } from './audio.ts'
import { beginVerification, dueForVerification, keepVerified, recordingsAfter } from './stored.sql.ts'
import type { ToVerify } from './stored.sql.ts'

const DAY_MS = 86_400_000
const AT_ONCE = 20
/** Whoever began and did not end in this time is dead, or met an error. */
const BROKEN_OFF_MS = 10 * 60_000
/** What nobody asked for by hand is done, and audited, by the service. */
export const BY_ITSELF: Identity = { sub: 'service:dialer', role: 'service', name: 'dialer', teamId: null }

/** What the store holds of one recording, against what was told. @throws ObjectStoreError when the store cannot be read. */
export async function inspect(store: ObjectStore, keys: Keyring, { attemptId, chunks, samples, head }: Pick<ToVerify, 'attemptId' | 'chunks' | 'samples' | 'head'>): Promise<Finding[]> {
  let manifest: Manifest | null
  try {
    manifest = await readManifest(store, keys, attemptId)
  } catch (error) {
    if (error instanceof KeyError || error instanceof SyntaxError) return [{ kind: 'manifest-changed' }]
    throw error
  }
  if (manifest === null) return [{ kind: 'manifest-missing' }]
  const check = new ChainCheck(chainHash, SEAL_BYTES)
  for (const chunk of manifest.chunks) check.see(chunk, await store.get(chunkKey(attemptId, chunk.number)))
  return check.end(manifest, { chunks, samples, head })
}

/** Verifies what is due: a recording that has just ended, and each again after some weeks. */
export async function verifyDue(dialer: Dialer, everyDays: number): Promise<number> {
  if (dialer.objects === null) return 0
  const due = await dueForVerification(dialer.db, new Date(dialer.clock.now()), AT_ONCE)
  for (const one of due) {
    if (await beginVerification(dialer.db, one, new Date(dialer.clock.now() + BROKEN_OFF_MS))) await verifyOne(dialer, dialer.objects, { one, everyDays, by: BY_ITSELF })
  }
  return due.length
}

export interface Verified {
  checked: number
  damaged: { attemptId: string; findings: Finding[] }[]
  next: string | null
}

/** The same at a person's wish, for all that have ended, a page at a time. @throws CodedError STORE_AWAY */
export async function verifyPage(dialer: Dialer, by: Identity, { cursor, limit, everyDays }: { cursor: string | null; limit: number; everyDays: number }): Promise<Verified> {
  const store = dialer.objects
  if (store === null) throw failed('STORE_AWAY')
  if (cursor === null) await audited(dialer, by, 'recording:verify', 'recordings', {})
  const page = await recordingsAfter(dialer.db, cursor, limit)
  const damaged: Verified['damaged'] = []
  for (const one of page) {
    const findings = await verifyOne(dialer, store, { one, everyDays, by }).catch((error: unknown) => {
      throw error instanceof ObjectStoreError ? failed('STORE_AWAY') : error
    })
    if (findings.length > 0) damaged.push({ attemptId: one.attemptId, findings })
  }
  return { checked: page.length, damaged, next: page.length === limit ? (page.at(-1)?.attemptId ?? null) : null }
}

/** Damage that nobody knew of is in the audit before it is in the row: a crash between the two tells it twice, never not at all. */
async function verifyOne(dialer: Dialer, store: ObjectStore, { one, everyDays, by }: { one: ToVerify; everyDays: number; by: Identity }): Promise<Finding[]> {
  const findings = await inspect(store, dialer.keys, one)
  const at = dialer.clock.now()
  if (findings.length > 0 && JSON.stringify(findings) !== JSON.stringify(one.findings)) {
    await audited(dialer, by, 'recording:damaged', one.attemptId, { customerId: one.customerId, findings: findings.slice(0, 20), count: findings.length })
    dialer.log.error({ attemptId: one.attemptId, findings: findings.slice(0, 20) }, 'a recording is not in the store as it was told')
  }
  await keepVerified(dialer.db, one, { at: new Date(at), findings, again: new Date(at + everyDays * DAY_MS) })
  return findings
}
