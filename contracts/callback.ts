import { z } from 'zod'
import { pageOf } from './page.ts'

/** HTTP of dialer, noun: callback. Mounted at /callbacks, from outside /api/dialer/callbacks. Calls that were promised to customers and are open. */
export const CallbackView = z.object({
  callbackId: z.uuid(),
  customerId: z.uuid(),
  customerName: z.string(),
  /** Where the customer's clock is; null: unknown. */
  timeZone: z.string().nullable(),
  /** Who promised to call himself; null: anybody of the team. */
  agentId: z.uuid().nullable(),
  teamId: z.uuid().nullable(),
  campaignId: z.uuid().nullable(),
  /** Promised to the customer, or he called then and nobody came. */
  why: z.enum(['promised', 'missed']),
  at: z.string(),
  /** How much later than promised it is; null while it is not. */
  lateMs: z.number().int().nullable(),
  /** Of the last change of its time; null where it was never moved. */
  changeReason: z.string().nullable(),
})
export type CallbackView = z.infer<typeof CallbackView>
export const CallbackPage = pageOf(CallbackView)

/** POST /callbacks/:callbackId/reschedule: checked like a new promise. */
export const RescheduleCallback = z.object({ at: z.iso.datetime({ offset: true }), reason: z.string().trim().min(1).max(200) })
/** POST /callbacks/:callbackId/cancel */
export const CancelCallback = z.object({ reason: z.string().trim().min(1).max(200) })
/** What both answer: whose list changed. */
export const ChangedCallback = z.object({ callbackId: z.uuid() })
