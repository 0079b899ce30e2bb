import { Worker } from 'node:worker_threads'
import type { ImportWorkerData } from './import-worker.ts'

/** Numbers and names of one batch, the CSV parser's window, pinyin and phone metadata: 150 MB is twice what was seen. */
const HEAP_MB_MAX = 512

/** Room for the strings of two batches, so that they die young: with the default of 16 MB a third of the time is collection. */
const YOUNG_MB = 96

export interface ImportThread {
  /** 'ended', or 'stopped' when told to. @throws when the thread dies */
  readonly done: Promise<'ended' | 'stopped'>
  /** Ends after the batch at hand. */
  stop(): void
}

/** Imports one file on a thread of its own. */
export function startImportThread(data: ImportWorkerData): ImportThread {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { workerData: data, name: 'import', resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX, maxYoungGenerationSizeMb: YOUNG_MB } })
  const done = Promise.withResolvers<'ended' | 'stopped'>()
  worker.once('message', done.resolve)
  worker.once('error', done.reject)
  worker.once('exit', (code) => done.reject(new Error(`the import thread ended with code ${code} before it was done`)))
  return { done: done.promise, stop: () => worker.postMessage('stop') }
}
