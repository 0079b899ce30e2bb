/** Byte strings under names. A put is whole or not at all; the newest put of a name wins. */
export interface ObjectStore {
  /** @throws ObjectStoreError STORE_FULL · STORE_UNREACHABLE */
  put(name: string, bytes: Uint8Array): Promise<void>
  /** null when there is none. @throws ObjectStoreError STORE_UNREACHABLE */
  get(name: string): Promise<Uint8Array | null>
  /** Names that begin with `folder/`, in order. */
  list(folder: string): Promise<string[]>
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>
  close(): Promise<void>
}

export type ObjectStoreCode = 'STORE_FULL' | 'STORE_UNREACHABLE' | 'NAME_REFUSED' | 'ADDRESS_UNKNOWN'

export class ObjectStoreError extends Error {
  readonly code: ObjectStoreCode
  constructor(code: ObjectStoreCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

const NAME = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/

/** @throws ObjectStoreError NAME_REFUSED: a name that could mean another place. */
export function checkName(name: string): void {
  if (name.length > 400 || !NAME.test(name)) throw new ObjectStoreError('NAME_REFUSED', `no name of an object: ${JSON.stringify(name.slice(0, 100))}`)
}
