/**
 * A stream compressed, cut and sealed. Piece by piece, so that neither side ever holds a table: 4 bytes of length (big-endian)
 * before each. Every piece is bound to its place; how many there are stands in the manifest, so that none can be left out.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable, pipeline } from 'node:stream'
import type { Transform } from 'node:stream'
import { createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { Keyring } from '@loopline/keys/keyring'
import { BackupError } from './backup-error.ts'
import type { SealedFile } from './manifest.ts'

const PIECE_BYTES = 1 << 20
const LENGTH_BYTES = 4

/** @param context what no other file of any backup has: its id and name. */
export async function writeSealed(path: string, name: string, source: Readable, keys: Keyring, context: string): Promise<SealedFile> {
  const file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let [pieces, bytes] = [0, 0]
  try {
    for await (const piece of piecesOf(compressed(source))) {
      const sealed = keys.sealBytes(piece, `${context}/${pieces}`)
      const head = Buffer.alloc(LENGTH_BYTES)
      head.writeUInt32BE(sealed.length)
      for (const part of [head, sealed]) {
        hash.update(part)
        await file.write(part)
        bytes += part.length
      }
      pieces += 1
    }
    await file.datasync()
  } finally {
    await file.close()
  }
  return { file: name, pieces, bytes, sha256: hash.digest('hex') }
}

/** What was written, plain again. @throws BackupError BACKUP_DAMAGED in the stream. */
export function readSealed(path: string, { pieces }: SealedFile, keys: Keyring, context: string): Readable {
  return pipe(Readable.from(opened(path, pieces, keys, context)), createZstdDecompress())
}

/** @throws BackupError BACKUP_DAMAGED */
export async function checkSealed(path: string, told: SealedFile): Promise<void> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } catch (error) {
    throw damaged(told.file, error)
  }
  if (hash.digest('hex') !== told.sha256) throw damaged(told.file)
}

async function* opened(path: string, pieces: number, keys: Keyring, context: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    for (let number = 0; number < pieces; number += 1) {
      const length = (await exactly(file, LENGTH_BYTES)).readUInt32BE()
      if (length > 2 * PIECE_BYTES) throw damaged(context)
      yield keys.openBytes(await exactly(file, length), `${context}/${number}`)
    }
  } finally {
    await file.close()
  }
}

async function exactly(file: Awaited<ReturnType<typeof open>>, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length;) {
    const { bytesRead } = await file.read(bytes, at, length - at)
    if (bytesRead === 0) throw damaged('a file that ends too early')
    at += bytesRead
  }
  return bytes
}

const damaged = (what: string, cause?: unknown): BackupError => new BackupError('BACKUP_DAMAGED', `the backup is damaged: ${what}`, cause)

const compressed = (source: Readable): Readable => pipe(source, createZstdCompress())

/** An error of either reaches whoever reads. */
function pipe(source: Readable, through: Transform): Readable {
  pipeline(source, through, () => undefined)
  return through
}

async function* piecesOf(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = []
  let size = 0
  for await (const chunk of source) {
    waiting.push(chunk)
    size += chunk.length
    if (size < PIECE_BYTES) continue
    yield Buffer.concat(waiting)
    waiting = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(waiting)
}
