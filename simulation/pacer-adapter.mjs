import { createPacer as create } from './benchmark-pacer.ts'

/** What an outside benchmark imports; plain Node 24 strips the types of what stands behind it. @public */
export const name = 'loopline'

/** @public */
export const createPacer = create
