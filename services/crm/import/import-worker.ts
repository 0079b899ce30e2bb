import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '@loopline/vocabulary/assert'
import type { ImportId } from '@loopline/vocabulary/ids'
import { loadKeyring } from '@loopline/keys/keyring'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { runImport } from './run-import.ts'

/** What the thread is started with. Keys travel by their source: a keyring cannot cross to another thread. */
export interface ImportWorkerData {
  importId: ImportId
  databaseUrl: string
  dataDir: string
  keySource: { file: string; value?: string | undefined }
}

/** Body of the thread that imports one file: parsing, sealing and COPY stay off the thread that answers people (P19). */
async function main(): Promise<void> {
  assert(parentPort, 'started as a worker thread only')
  const { importId, databaseUrl, dataDir, keySource } = workerData as ImportWorkerData
  let stopping = false
  parentPort.once('message', () => { stopping = true })
  const db = openPool({ url: databaseUrl, name: 'crm import', max: 1, statementTimeoutMs: 60_000 })
  const notifier = createNotifier({ url: databaseUrl, name: 'crm import' })
  try {
    const end = await runImport({ db, notifier, keys: loadKeyring(keySource), dataDir, importId, shouldStop: () => stopping })
    parentPort.postMessage(end)
  } finally {
    await notifier.close()
    await db.close()
  }
}

await main()
parentPort?.close()
