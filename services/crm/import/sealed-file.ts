import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import type { Keyring } from '@loopline/keys/keyring'

/*
 * A file nobody reads without our keys: uploads and error files hold telephone numbers and names.
 *   header  2 bytes length, then the file's own random key, sealed by the keyring for this file's id
 *   chunks  4 bytes length of the text, 12 bytes nonce, 16 bytes tag, the text under AES-256-GCM
 * The number of a chunk is its associated data, so chunks cannot change places. Nonces are random, since an error file
 * is cut back and written on after a crash. Removing the file destroys its key.
 */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const FRAME_BYTES = 4 + NONCE_BYTES + TAG_BYTES
/** A larger chunk is no chunk of ours. */
const CHUNK_BYTES_MAX = 16 * 1024 * 1024

/** Where a sealed file may be cut and written on: the bytes and chunks that are known to be good. */
export interface SealedPlace {
  bytes: number
  chunks: number
}

export class SealedFile {
  readonly #handle: FileHandle
  readonly #key: KeyObject
  readonly #place: SealedPlace
  private constructor(handle: FileHandle, key: KeyObject, place: SealedPlace) {
    this.#handle = handle
    this.#key = key
    this.#place = place
  }

  /** A new file, mode 0600; one that is there is overwritten. */
  static async create(path: string, keys: Keyring, id: string): Promise<SealedFile> {
    const handle = await open(path, 'w+', 0o600)
    const raw = randomBytes(32)
    const sealed = keys.seal(raw.toString('base64'), id)
    const header = Buffer.concat([Buffer.of(sealed.length >> 8, sealed.length & 0xff), sealed])
    await handle.write(header, 0, header.length, 0)
    return new SealedFile(handle, createSecretKey(raw), { bytes: header.length, chunks: 0 })
  }

  /** Goes on behind `place`; what stands behind it was never acknowledged and is cut off. */
  static async continueAt(path: string, keys: Keyring, id: string, place: SealedPlace): Promise<SealedFile> {
    const handle = await open(path, 'r+')
    const { key } = await readHeader(handle, keys, id)
    await handle.truncate(place.bytes)
    return new SealedFile(handle, key, { ...place })
  }

  get place(): SealedPlace {
    return { ...this.#place }
  }

  async append(text: Uint8Array): Promise<void> {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: TAG_BYTES })
    cipher.setAAD(chunkNumber(this.#place.chunks))
    const body = cipher.update(text)
    cipher.final()
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length)
    const frame = Buffer.concat([length, nonce, cipher.getAuthTag(), body])
    await this.#handle.write(frame, 0, frame.length, this.#place.bytes)
    this.#place.bytes += frame.length
    this.#place.chunks += 1
  }

  /** Takes back what was appended since. */
  async cutBack(place: SealedPlace): Promise<void> {
    await this.#handle.truncate(place.bytes)
    Object.assign(this.#place, place)
  }

  /** Waits until all of it is on the disk. */
  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

/** The chunks of a sealed file in order. @throws KeyError or OpenSSL's error when it was changed or belongs to another id. */
export async function* readSealed(path: string, keys: Keyring, id: string, chunks = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer, void, void> {
  const handle = await open(path, 'r')
  try {
    const { key, bytes } = await readHeader(handle, keys, id)
    let at = bytes
    for (let number = 0; number < chunks; number++) {
      const frame = await readExactly(handle, FRAME_BYTES, at)
      if (!frame) return
      const length = frame.readUInt32BE(0)
      const body = length <= CHUNK_BYTES_MAX ? await readExactly(handle, length, at + FRAME_BYTES) : null
      if (!body) return
      yield opened(key, number, frame, body)
      at += FRAME_BYTES + length
    }
  } finally {
    await handle.close()
  }
}

async function readHeader(handle: FileHandle, keys: Keyring, id: string): Promise<{ key: KeyObject; bytes: number }> {
  const length = (await readExactly(handle, 2, 0))?.readUInt16BE(0) ?? 0
  const sealed = (await readExactly(handle, length, 2)) ?? Buffer.alloc(0)
  return { key: createSecretKey(Buffer.from(keys.open(sealed, id), 'base64')), bytes: 2 + length }
}

async function readExactly(handle: FileHandle, length: number, at: number): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafe(length)
  const { bytesRead } = await handle.read(buffer, 0, length, at)
  return bytesRead === length ? buffer : null
}

function opened(key: KeyObject, number: number, frame: Buffer, body: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, frame.subarray(4, 4 + NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(chunkNumber(number))
  decipher.setAuthTag(frame.subarray(4 + NONCE_BYTES))
  const text = decipher.update(body)
  decipher.final()
  return text
}

function chunkNumber(number: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(number)
  return bytes
}
