/** Looks at recordings where they lie: every chunk there and unchanged, its chain that of the database, as long as the talk was, and with sound in it. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openObjects } from '@loopline/objects/open-objects'
import { chainHash } from '@loopline/keys/chain-hash'
import { SEAL_BYTES, type Keyring } from '@loopline/keys/keyring'
import { ChainCheck, chunkKey, isComplete, manifestKey, type Manifest } from '@loopline/recording/manifest'
import type { Database } from '@loopline/postgres/queryable'
import type { Product } from '@loopline/interop/product'

const SAMPLES_PER_MS = 8
/** Between the two hearing each other and the first recorded sample, and at the end, lie a block and a frame. */
const LENGTH_DIFFERS_MS = 500

/** A talk and what the database knows of its recording. */
interface Kept {
  attemptId: string
  state: string | null
  head: string | null
  talkMs: number
}

export interface RecordingsSeen {
  talks: number
  complete: number
  chunks: number
  seconds: number
  /** Share of recorded samples that are the voice of this side, 0..1. */
  customerHeard: number
  agentHeard: number
  /** One sentence each. */
  faults: string[]
}

export interface SoundsOf {
  customer: number
  agent: number
}

/** @param sounds the A-law byte that each side says all the time. */
export async function lookAtRecordings(product: Product, db: Database, keys: Keyring, { campaignId, sounds }: { campaignId: string; sounds: SoundsOf }): Promise<RecordingsSeen> {
  const store = await openObjects(pathToFileURL(join(product.home, 'objects')).href)
  const kept = await db.sql<Kept>`
    select a.id as "attemptId", r.state, r.head, (extract(epoch from a.ended_at - a.connected_at) * 1000)::float8 as "talkMs"
      from dialer.attempt a left join dialer.recording r on r.customer_id = a.customer_id and r.attempt_id = a.id
     where a.campaign_id = ${campaignId} and a.connected_at is not null`
  const seen: RecordingsSeen = { talks: kept.length, complete: 0, chunks: 0, seconds: 0, customerHeard: 0, agentHeard: 0, faults: [] }
  let [samples, customer, agent] = [0, 0, 0]
  for (const one of kept) {
    const { attemptId } = one
    const sealedManifest = await store.get(manifestKey(attemptId))
    if (sealedManifest === null) {
      seen.faults.push(`${attemptId}: no manifest; the database says ${String(one.state)}`)
      continue
    }
    const manifest = JSON.parse(keys.openBytes(sealedManifest, manifestKey(attemptId)).toString('utf8')) as Manifest
    const sealed = new Map<number, Uint8Array>()
    for (const { number } of manifest.chunks) {
      const bytes = await store.get(chunkKey(attemptId, number))
      if (bytes === null) continue
      sealed.set(number, bytes)
      const pairs = keys.openBytes(bytes, chunkKey(attemptId, number))
      for (let at = 0; at < pairs.length; at += 2) {
        if (pairs[at] === sounds.customer) customer += 1
        if (pairs[at + 1] === sounds.agent) agent += 1
      }
      samples += pairs.length / 2
    }
    const faults = faultsOf(one, manifest, (number) => sealed.get(number) ?? null)
    if (faults.length === 0) seen.complete += 1
    seen.faults.push(...faults.map((fault) => `${attemptId}: ${fault}`))
    seen.chunks += manifest.chunks.length
    seen.seconds += manifest.length / SAMPLES_PER_MS / 1_000
  }
  await store.close()
  return { ...seen, customerHeard: customer / Math.max(1, samples), agentHeard: agent / Math.max(1, samples) }
}

function faultsOf({ state, head, talkMs }: Kept, manifest: Manifest, sealedOf: (number: number) => Uint8Array | null): string[] {
  const check = new ChainCheck(chainHash, SEAL_BYTES)
  for (const chunk of manifest.chunks) check.see(chunk, sealedOf(chunk.number))
  const findings = check.end(manifest, { chunks: manifest.chunks.length, samples: manifest.chunks.reduce((sum, { samples }) => sum + samples, 0), head })
  const faults = findings.map((finding) => ('number' in finding ? `chunk ${finding.number} is ${finding.kind}` : finding.kind))
  if (state !== 'complete') faults.push(`the database says ${String(state)}`)
  if (!isComplete(manifest)) faults.push(`holes: ${JSON.stringify(manifest.gaps)}`)
  const lengthMs = manifest.length / SAMPLES_PER_MS
  if (Math.abs(lengthMs - talkMs) > LENGTH_DIFFERS_MS) faults.push(`${Math.round(lengthMs)} ms of a talk of ${Math.round(talkMs)} ms`)
  return faults
}
