/** What a backup says of itself: enough to know, before anything is changed, whether it is whole, ours, and of a version we understand. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Keyring } from '@loopline/keys/keyring'
import { BackupError } from './backup-error.ts'

const FILE = 'backup.json'

const SealedFile = z.object({ file: z.string(), pieces: z.int().min(0), bytes: z.int().min(0), sha256: z.string() })
export type SealedFile = z.infer<typeof SealedFile>

const Manifest = z.object({
  format: z.literal(1),
  /** Bound to every sealed piece: pieces of another backup do not open here. */
  id: z.uuid(),
  madeAt: z.iso.datetime(),
  /** Of the newest data key at that time; it and those before it are needed. */
  dataKey: z.int(),
  migrations: z.array(z.object({ service: z.string(), number: z.int(), file: z.string(), checksum: z.string() })),
  tables: z.array(z.object({ schema: z.string(), name: z.string(), columns: z.array(z.string()), rows: z.int(), content: SealedFile })),
  sequences: z.array(z.object({ schema: z.string(), name: z.string(), lastValue: z.string() })),
  /** Files of the installation's folder, such as the signed ends of the audit chain. */
  files: z.array(z.object({ path: z.string(), content: SealedFile })),
  /** Recordings, which are sealed already and lie beside as they are. */
  objects: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })),
})
export type Manifest = z.infer<typeof Manifest>

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Last of all: a folder without it is no backup. */
export async function writeManifest(folder: string, manifest: Manifest, keys: Keyring): Promise<void> {
  const text = JSON.stringify(manifest, null, 1)
  await writeFile(join(folder, FILE), JSON.stringify({ proof: proofOf(text, keys), manifest: text }), { mode: 0o600, flush: true })
}

/** @throws BackupError BACKUP_FOLDER_UNUSABLE · BACKUP_KEYS_DIFFER · BACKUP_NEWER */
export async function readManifest(folder: string, keys: Keyring): Promise<Manifest> {
  const whole = await readFile(join(folder, FILE), 'utf8').catch((error: unknown) => {
    throw new BackupError('BACKUP_FOLDER_UNUSABLE', `${folder} holds no finished backup`, error)
  })
  const { proof, manifest } = parse(z.object({ proof: z.string(), manifest: z.string() }), whole)
  const [told, ours] = [Buffer.from(proof, 'hex'), Buffer.from(proofOf(manifest, keys), 'hex')]
  if (told.length !== ours.length || !timingSafeEqual(told, ours)) {
    throw new BackupError('BACKUP_KEYS_DIFFER', 'the keys here are not those of the backup, or its list of contents was changed')
  }
  return parse(Manifest, manifest)
}

function parse<T>(shape: z.ZodType<T>, text: string): T {
  try {
    return shape.parse(JSON.parse(text))
  } catch (error) {
    throw new BackupError('BACKUP_NEWER', 'this version of the product does not understand the backup', error)
  }
}

const proofOf = (text: string, keys: Keyring): string => createHmac('sha256', keys.signingKey('backup')).update(text).digest('hex')
