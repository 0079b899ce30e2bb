import { z } from 'zod'

/** HTTP of hub, noun: setting and person. */
export const CalleeClockView = z.object({ version: z.number().int(), offsetMs: z.number().int() })
export const EditCalleeClock = z.object({ version: z.number().int(), offsetMs: z.number().int() })
export const MeView = z.object({
  userId: z.string(), name: z.string(), role: z.enum(['admin', 'supervisor', 'agent', 'auditor']), teamId: z.uuid().nullable(),
  /** Actions this person may do, with scope; the console hides what is absent. */
  can: z.record(z.string(), z.enum(['own', 'team', 'all'])),
})
export const UserView = z.object({
  userId: z.string(), version: z.number().int(), name: z.string(), username: z.string(), role: z.string(), teamId: z.uuid().nullable(),
  teamName: z.string().nullable(), skills: z.array(z.string()), active: z.boolean(),
})
