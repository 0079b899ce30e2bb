import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** The secrets of one installation, as base64 of 32 bytes each. Losing the file loses every phone number for good. */
export interface KeySet {
  readonly format: 1
  /** Versions 1..255; the highest seals, every one opens. */
  readonly dataKeys: readonly { readonly version: number; readonly key: string }[]
  /** Own keys for the indexes: rotating a data key must not rebuild them. */
  readonly blindIndexKey: string
  readonly lastFourKey: string
  /** Signing keys are derived from it, one per purpose (HKDF, RFC 5869). */
  readonly signingRoot: string
}

export type KeyErrorCode = 'KEY_FILE_READABLE_BY_OTHERS' | 'KEY_FILE_INVALID' | 'KEY_VERSION_UNKNOWN' | 'SEAL_BROKEN'

/** Keys that cannot be used, or a text that does not open. The message never holds key material or plain text. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
  readonly code: KeyErrorCode
  constructor(code: KeyErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

const newKey = (): string => randomBytes(32).toString('base64')

/** Fresh random keys with one data key, version 1. */
export function newKeySet(): KeySet {
  return { format: 1, dataKeys: [{ version: 1, key: newKey() }], blindIndexKey: newKey(), lastFourKey: newKey(), signingRoot: newKey() }
}

/** The same keys with one more data key, which seals from then on. */
export function withNewDataKey(keys: KeySet): KeySet {
  const newest = Math.max(...keys.dataKeys.map((key) => key.version))
  if (newest >= 255) throw new KeyError('KEY_FILE_INVALID', 'all 255 versions of the data key are used')
  return { ...keys, dataKeys: [...keys.dataKeys, { version: newest + 1, key: newKey() }] }
}

/**
 * Reads a key set from JSON or from base64 of that JSON (environment variables dislike quotes).
 * @throws KeyError KEY_FILE_INVALID
 */
export function parseKeySet(text: string): KeySet {
  const trimmed = text.trim()
  const json = trimmed.startsWith('{') ? trimmed : Buffer.from(trimmed, 'base64').toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw new KeyError('KEY_FILE_INVALID', 'the keys are not JSON')
  }
  if (!isKeySet(value)) throw new KeyError('KEY_FILE_INVALID', 'the keys lack a field, or a key is not base64 of 32 bytes')
  return value
}

function isKeySet(value: unknown): value is KeySet {
  if (typeof value !== 'object' || value === null) return false
  const keys = value as Partial<KeySet>
  return keys.format === 1 && isKey(keys.blindIndexKey) && isKey(keys.lastFourKey) && isKey(keys.signingRoot)
    && Array.isArray(keys.dataKeys) && keys.dataKeys.length > 0
    && keys.dataKeys.every((key) => Number.isInteger(key?.version) && key.version >= 1 && key.version <= 255 && isKey(key.key))
}

const isKey = (text: unknown): boolean => typeof text === 'string' && Buffer.from(text, 'base64').length === 32

/**
 * The key set of this file. Without a file, one is made with random keys, mode 0600, whole or not at all, so that two
 * processes starting together end with the same keys.
 *
 * @throws KeyError KEY_FILE_READABLE_BY_OTHERS when group or others have any right on it; KEY_FILE_INVALID
 */
export function readOrCreateKeyFile(file: string): KeySet {
  try {
    return readKeyFile(file)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  writeKeyFile(file, newKeySet())
  return readKeyFile(file)
}

function readKeyFile(file: string): KeySet {
  // Windows keeps access in ACLs; the mode there says nothing.
  const openToOthers = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0
  if (openToOthers) throw new KeyError('KEY_FILE_READABLE_BY_OTHERS', `${file} may be read by others; run: chmod 600 "${file}"`)
  return parseKeySet(readFileSync(file, 'utf8'))
}

function writeKeyFile(file: string, keys: KeySet): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, `${JSON.stringify(keys, null, 2)}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    unlinkSync(draft)
  }
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'
