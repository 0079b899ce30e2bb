import { setImmediate as otherThings } from 'node:timers/promises'
import { newId } from '@loopline/clock/new-id'
import { readSound } from '@loopline/announcement/read-sound'
import { telephoneWav } from '@loopline/announcement/telephone-wav'
import { TELEPHONE_RATE, toTelephone } from '@loopline/announcement/to-telephone'
import type { AudioView } from '@loopline/contracts/audio'
import type { Identity } from '@loopline/http/identity-token'
import type { ObjectStore } from '@loopline/objects/object-store'
import { ObjectStoreError } from '@loopline/objects/object-store'
import { LINEAR_OF, encode } from '@loopline/rtp/g711'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { insertAudio, isThere, markRemoved, readAudios } from './audio.sql.ts'
import type { AudioRow } from './audio.sql.ts'

/** Where voice finds it: the object is sealed under this name. */
export const objectOf = (audioId: string): `audio/${string}` => `audio/${audioId}.wav`

export async function listAudios(dialer: Dialer): Promise<{ items: AudioView[] }> {
  return { items: (await readAudios(dialer.db)).map(viewOf) }
}

/**
 * Takes a WAV file: checked, turned into telephone sound, sealed and stored before its row says that it is there.
 * @throws CodedError AUDIO_REFUSED with the reason · STORE_AWAY · AUDIT_UNAVAILABLE
 */
export async function uploadAudio(dialer: Dialer, who: Identity, name: string, file: Uint8Array): Promise<AudioView> {
  const store = storeOf(dialer)
  const sound = readSound(file, LINEAR_OF)
  if (typeof sound === 'string') throw failed('AUDIO_REFUSED', { reason: sound })
  const alaw = await alawOf(toTelephone(sound))
  const audioId = newId(dialer.clock)
  await audited(dialer, who, 'audio:upload', audioId, { name, durationMs: Math.round((1_000 * alaw.length) / TELEPHONE_RATE) })
  const object = objectOf(audioId)
  await store.put(object, dialer.keys.sealBytes(telephoneWav(alaw), object)).catch(storeFailed)
  const row: AudioRow = { audioId, name, durationMs: Math.round((1_000 * alaw.length) / TELEPHONE_RATE), madeBy: who.name, madeAt: new Date(dialer.clock.now()) }
  await insertAudio(dialer.db, row)
  return viewOf(row)
}

/** The sound as people will hear it. @throws CodedError AUDIO_NOT_FOUND · STORE_AWAY */
export async function soundOf(dialer: Dialer, audioId: string): Promise<Uint8Array> {
  if (!(await isThere(dialer.db, audioId))) throw failed('AUDIO_NOT_FOUND')
  const object = objectOf(audioId)
  const sealed = await storeOf(dialer).get(object).catch(storeFailed)
  if (sealed === null) throw failed('AUDIO_NOT_FOUND')
  return dialer.keys.openBytes(sealed, object)
}

/**
 * The row goes first: an object without a row is heard by nobody, and removing it again does no harm.
 * @throws CodedError AUDIO_NOT_FOUND · AUDIO_IN_USE · STORE_AWAY · AUDIT_UNAVAILABLE
 */
export async function removeAudio(dialer: Dialer, who: Identity, audioId: string): Promise<{ audioId: string }> {
  if (!(await isThere(dialer.db, audioId))) throw failed('AUDIO_NOT_FOUND')
  await audited(dialer, who, 'audio:remove', audioId, {})
  if (!(await markRemoved(dialer.db, audioId, new Date(dialer.clock.now())))) throw failed('AUDIO_IN_USE')
  await storeOf(dialer).remove(objectOf(audioId)).catch(storeFailed)
  return { audioId }
}

/** Two minutes of sound take a third of a second to convert: the dial loop goes on between its seconds. */
async function alawOf(pieces: Iterable<Int16Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (const piece of pieces) {
    const part = new Uint8Array(piece.length)
    encode('PCMA', piece, part, 0)
    parts.push(part)
    await otherThings()
  }
  return Buffer.concat(parts)
}

function storeOf({ objects }: Dialer): ObjectStore {
  if (objects === null) throw failed('STORE_AWAY')
  return objects
}

function storeFailed(error: unknown): never {
  throw error instanceof ObjectStoreError ? failed('STORE_AWAY') : error
}

const viewOf = ({ madeAt, ...row }: AudioRow): AudioView => ({ ...row, madeAt: madeAt.toISOString() })
