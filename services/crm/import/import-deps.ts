import type { ImportId } from '@loopline/vocabulary/ids'
import type { Deps } from '../deps.ts'

/** What the routes of imports need beside the rest of crm. */
export interface ImportDeps extends Deps {
  /** Folder of uploads and error files. */
  dataDir: string
  fileBytesMax: number
  enqueue: (importId: ImportId) => Promise<void>
}
