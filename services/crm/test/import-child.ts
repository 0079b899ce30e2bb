import { startImportThread } from '../import/import-thread.ts'
import type { ImportWorkerData } from '../import/import-worker.ts'

/** A process of its own that imports one file, so that a test may kill it. */
const data = JSON.parse(process.argv[2] ?? '') as ImportWorkerData
console.log(await startImportThread(data).done)
