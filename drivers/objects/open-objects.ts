import { fileURLToPath } from 'node:url'
import { openDiskStore } from './disk-store.ts'
import { ObjectStoreError } from './object-store.ts'
import type { ObjectStore } from './object-store.ts'

/**
 * `file:///folder`, or `s3://bucket/prefix?endpoint=https://…&region=…` with credentials from the environment (AWS_ACCESS_KEY_ID …).
 * @throws ObjectStoreError ADDRESS_UNKNOWN
 */
export async function openObjects(address: string): Promise<ObjectStore> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol === 'file:') return openDiskStore(fileURLToPath(url))
  if (url?.protocol === 's3:') {
    const { openS3Store } = await import('./s3-store.ts') // 40 MB of SDK that a disk store does not need
    return openS3Store(url)
  }
  throw new ObjectStoreError('ADDRESS_UNKNOWN', 'an object store is file:///folder or s3://bucket/prefix')
}
