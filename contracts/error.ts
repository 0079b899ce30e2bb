import { z } from 'zod'

/** What every refused request answers. `code` is stable and documented; `details` of a 409 carries the current row. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    retry: z.enum(['never', 'later', 'after-change']),
    details: z.unknown().optional(),
    requestId: z.string(),
  }),
})
export type ErrorBody = z.infer<typeof ErrorBody>
