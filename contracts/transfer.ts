import { z } from 'zod'
import { TRANSFER_FAILURES } from './transfer-words.ts'

/**
 * HTTP of dialer, noun: transfer. A call goes to a colleague at once (`blind`) or after a word with him (`consult`). Until it is
 * his, it stays with who asked: a person is always somebody's.
 */
export const TransferKind = z.enum(['blind', 'consult'])
export type TransferKind = z.infer<typeof TransferKind>

/** What the agent sees of it: as the one who asked, or as the one who was asked. */
export const TransferView = z.object({
  transferId: z.uuid(),
  kind: TransferKind,
  side: z.enum(['asking', 'asked']),
  /** `asked`: the colleague looks at the card. `accepted`: voice is about to join them. */
  phase: z.enum(['asked', 'accepted', 'consulting', 'conference']),
  /** The other one of the two. */
  agentId: z.uuid(),
  name: z.string(),
  /** What the one who asked wrote for the colleague. */
  note: z.string().nullable(),
  /** Until when the colleague may answer. */
  answerBy: z.string(),
})
export type TransferView = z.infer<typeof TransferView>

/** Why the last transfer of this call failed; the person is with who asked again. */
export const TransferFailed = z.object({ name: z.string().nullable(), reason: z.enum(TRANSFER_FAILURES), at: z.string() })
export type TransferFailed = z.infer<typeof TransferFailed>

/** POST /calls/:attemptId/transfer — 409 TRANSFER_FAILED with a reason when nobody can be asked. */
export const TransferCommand = z.discriminatedUnion('do', [
  /** `note`: a word for the colleague, or empty. To one by name, to the next one who is ready of a team, or of everybody. */
  z.object({
    do: z.literal('ask'), kind: TransferKind, note: z.string().trim().max(300),
    to: z.union([z.object({ agentId: z.uuid() }), z.object({ next: z.enum(['campaign', 'anybody']) }), z.object({ teamId: z.uuid() })]),
  }),
  /** The colleague's yes and no. */
  z.object({ do: z.literal('accept') }),
  z.object({ do: z.literal('decline') }),
  /** Who asked wants the person back: before an answer, or out of the consultation. */
  z.object({ do: z.literal('take-back') }),
  /** The call is the colleague's from now on. */
  z.object({ do: z.literal('complete') }),
  z.object({ do: z.literal('conference'), on: z.boolean() }),
  /** Either goes; the two others go on. */
  z.object({ do: z.literal('leave') }),
])
export type TransferCommand = z.infer<typeof TransferCommand>

/** Taken; what comes of it is told by the agents' next versions. */
export const TransferTaken = z.object({ attemptId: z.uuid() })

/** Who of ours was on a call, as what and when. */
export interface CallPart {
  agentId: string
  name: string
  as: 'agent' | 'colleague'
  joinedAt: number
  leftAt: number | null
}
