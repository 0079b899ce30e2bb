import { z } from 'zod'

/** Modes in which an agent is to speak, by who decides how many calls are placed. */
export const AGENT_MODES = ['preview', 'progressive', 'ratio', 'predictive'] as const

/** Why so many calls are placed now and no more; words are the reader's. Shares 0..1. */
export const PacingReason = z.discriminatedUnion('kind', [
  /** Nobody is signed on and at work. */
  z.object({ kind: z.literal('no-agents') }),
  /** One call, or card, for each idle agent. */
  z.object({ kind: z.literal('one-per-idle-agent'), idle: z.number() }),
  z.object({ kind: z.literal('ratio'), ratio: z.number(), idle: z.number() }),
  /** The fixed ratio rests: abandonment is at the cap, and each idle agent gets one call. */
  z.object({ kind: z.literal('ratio-at-cap'), idle: z.number() }),
  /** The next call would find nobody free with this probability, and no more than `riskMax` is bearable. */
  z.object({ kind: z.literal('nobody-free-in-time'), risk: z.number(), riskMax: z.number(), idle: z.number(), ringing: z.number() }),
  /** Abandonment is at the cap: only calls that surely find an agent. */
  z.object({ kind: z.literal('budget-spent') }),
  /** Lines, their calls per second or the campaign's own limits let no more start now. */
  z.object({ kind: z.literal('lines-full') }),
  /** Nearly every call fails at once: one call for each idle agent, to find out when it is over. */
  z.object({ kind: z.literal('lines-failing'), share: z.number() }),
  /** Promised calls are due and keep so many agents. */
  z.object({ kind: z.literal('kept-for-callbacks'), promised: z.number() }),
])
export type PacingReason = z.infer<typeof PacingReason>

/** How a campaign with agents is paced now, over all processes. */
export const CampaignPacing = z.object({
  mode: z.enum(AGENT_MODES),
  /** Null while the campaign does not run, or before its first decision. */
  reason: PacingReason.nullable(),
  /** Calls under way that nobody has answered, and how many of them will be answered. `expectedAnswers` null: nobody estimates it. */
  ringing: z.number().int(),
  expectedAnswers: z.number().nullable(),
  /** Answered, and without an agent yet. */
  waiting: z.number().int(),
  /** Of those who serve this campaign. `talking`: also on their way to a talk. */
  agents: z.object({ idle: z.number().int(), talking: z.number().int(), wrapUp: z.number().int(), paused: z.number().int() }),
  /** Answered by a person, and of these abandoned, in the window of the law; at most `cap` may be. */
  budget: z.object({ live: z.number().int(), abandoned: z.number().int(), cap: z.number(), windowHours: z.number() }),
})
export type CampaignPacing = z.infer<typeof CampaignPacing>
