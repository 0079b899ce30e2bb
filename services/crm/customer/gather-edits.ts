import type { Deps } from '../deps.ts'
import { editRows } from './edit-rows.ts'
import type { AskedEdit, EditAnswer } from './edit-rows.ts'

/** Takes an edit and answers when the batch it went with has ended. */
export type GatherEdits = (edit: AskedEdit) => Promise<EditAnswer>

/**
 * Batches begin at least this far apart, ms. CPU per edit at 500/s beyond what the calls beside them take, in crm and in
 * PostgreSQL: 0.52 + 0.71 ms when each edit went by itself (two statements), 0.39 + 0.47 with a gap of 10, 0.33 + 0.39 with
 * 20; from the request to the ready pool p99 81–128, 67–108 and 56 ms. By size of batch: edit-rows.bench.ts.
 */
const GAP_MS = 20
/** Edits in one transaction at most. */
const BATCH_MAX = 100

/**
 * Lets edits that arrive together share their statements and their commit. Nobody waits for company: the first goes at
 * once, and those that come while its batch is written, or within `GAP_MS` of its start, go together. One batch at a time:
 * the slower the database, the larger the batches, and two edits of one customer never race each other.
 */
export function gatherEdits(deps: Deps): GatherEdits {
  const waiting: { edit: AskedEdit; answer: PromiseWithResolvers<EditAnswer> }[] = []
  let busy = false

  const writeNext = async (): Promise<void> => {
    const started = performance.now()
    const batch = waiting.splice(0, BATCH_MAX)
    try {
      const answers = await editRows(deps, batch.map(({ edit }) => edit))
      batch.forEach(({ answer }, index) => answer.resolve(answers[index] as EditAnswer))
    } catch (error) {
      for (const { answer } of batch) answer.reject(error)
    }
    const rest = waiting.length >= BATCH_MAX ? 0 : started + GAP_MS - performance.now()
    if (rest > 0) setTimeout(goOn, rest)
    else goOn()
  }
  function goOn(): void {
    busy = waiting.length > 0
    if (busy) void writeNext()
  }
  return (edit) => {
    const answer = Promise.withResolvers<EditAnswer>()
    waiting.push({ edit, answer })
    if (!busy) goOn()
    return answer.promise
  }
}
