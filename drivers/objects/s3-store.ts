import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { ObjectStoreError, checkName } from './object-store.ts'
import type { ObjectStore } from './object-store.ts'

const ANSWER_WITHIN_MS = 10_000
const TRIES = 3

interface Terms {
  answerWithinMs?: number
  /** Otherwise from the environment. */
  credentials?: { accessKeyId: string; secretAccessKey: string }
}

/** Objects in a bucket of any S3-compatible store; every request is given up after ten seconds. */
export function openS3Store(address: URL, { answerWithinMs = ANSWER_WITHIN_MS, credentials }: Terms = {}): ObjectStore {
  const bucket = address.hostname
  const prefix = address.pathname.replace(/^\/|\/$/g, '')
  const endpoint = address.searchParams.get('endpoint')
  const client = new S3Client({
    region: address.searchParams.get('region') ?? 'us-east-1', maxAttempts: TRIES, ...(credentials ? { credentials } : {}),
    // Stores on one address know buckets by path only.
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
  })
  const keyOf = (name: string): string => {
    checkName(name)
    return prefix === '' ? name : `${prefix}/${name}`
  }
  const within = () => ({ abortSignal: AbortSignal.timeout(answerWithinMs) })
  const ask = async <Answer>(request: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await request()
    } catch (error) {
      if (error instanceof NoSuchKey) throw error
      if (isFull(error)) throw new ObjectStoreError('STORE_FULL', 'the object store is full', error)
      throw new ObjectStoreError('STORE_UNREACHABLE', `the object store does not answer: ${error instanceof Error ? error.name : String(error)}`, error)
    }
  }
  return {
    async put(name, bytes) {
      const Key = keyOf(name)
      await ask(() => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: bytes }), within()))
    },
    async get(name) {
      const Key = keyOf(name)
      try {
        const answer = await ask(() => client.send(new GetObjectCommand({ Bucket: bucket, Key }), within()))
        return await ask(async () => (await answer.Body?.transformToByteArray()) ?? null)
      } catch (error) {
        if (error instanceof NoSuchKey) return null
        throw error
      }
    },
    async list(folder) {
      const names: string[] = []
      let ContinuationToken: string | undefined
      do {
        const answer = await ask(() => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${keyOf(folder)}/`, ...(ContinuationToken ? { ContinuationToken } : {}) }), within()))
        names.push(...(answer.Contents ?? []).flatMap(({ Key }) => (Key === undefined ? [] : [prefix === '' ? Key : Key.slice(prefix.length + 1)])))
        ContinuationToken = answer.NextContinuationToken
      } while (ContinuationToken !== undefined)
      return names.toSorted()
    },
    async remove(name) {
      const Key = keyOf(name)
      await ask(() => client.send(new DeleteObjectCommand({ Bucket: bucket, Key }), within()))
    },
    close: async () => client.destroy(),
  }
}

/** Amazon's own is never full; stores that have disks say so, each in its words, by HTTP 507 (RFC 4918 §11.5). */
function isFull(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 507
}
