import { z } from 'zod'

/** HTTP of dialer: how lines do. Mounted at /lines. */
const share = z.number().min(0).max(1).nullable()

/** Of one window. Shares 0..1; null where nothing was there to measure. */
export const QualityFigures = z.object({
  /** INVITEs that left; each leg of an attempt is one. */
  seizures: z.number().int(),
  /** Answer-seizure ratio. */
  asr: share,
  /** Share that a person answered. */
  connectRate: share,
  /** From the INVITE to the first ringing. */
  pddMs: z.number().nullable(),
  /** Mean length of the answered calls. */
  talkMs: z.number().nullable(),
  /** Of the answered, over within six seconds. */
  shortShare: share,
  /** Calls whose sound was measured. */
  sounds: z.number().int(),
  mos: z.number().nullable(),
  loss: share,
  jitterMs: z.number().nullable(),
  roundTripMs: z.number().nullable(),
  /** Final SIP status, 0 where none came, most frequent first. */
  causes: z.array(z.object({ status: z.number().int(), count: z.number().int() })),
})
export type QualityFigures = z.infer<typeof QualityFigures>

export const QualityNow = z.object({
  windows: z.array(z.object({ minutes: z.union([z.literal(1), z.literal(5), z.literal(60)]), figures: QualityFigures })),
  /** The last hour in thirty steps of two minutes, oldest first; null where nobody was called. */
  series: z.array(z.object({ asr: share, pddMs: z.number().nullable(), mos: z.number().nullable() })),
})
export type QualityNow = z.infer<typeof QualityNow>

/** What the line does worse than the others with the same lists at the same time, or than its own past. */
export const LineAlarmView = z.object({
  kind: z.enum(['fewer-answers', 'more-short-calls', 'slower-ringing', 'silence', 'poor-sound', 'lost-datagrams']),
  since: z.string(),
  /** Over `calls` calls, and what was to be expected: shares 0..1; for `slower-ringing` ms. */
  seen: z.number(),
  expected: z.number(),
  calls: z.number().int(),
})
export type LineAlarmView = z.infer<typeof LineAlarmView>

/** Whether calls go over it: all, none, or a few that try it. A closed one that was open gets its share back in steps. */
export const CircuitView = z.object({
  state: z.enum(['closed', 'open', 'half-open']),
  /** A code, and after a colon what was measured; null while it never opened. */
  reason: z.string().nullable(),
  /** When it is tried again. */
  until: z.string().nullable(),
  /** 0..1 of its share. */
  share: z.number(),
})

/** GET /lines/quality */
export const LineQualityView = QualityNow.extend({ lineId: z.uuid(), circuit: CircuitView, drainedAt: z.string().nullable(), alarms: z.array(LineAlarmView) })
export type LineQualityView = z.infer<typeof LineQualityView>

/** GET /lines/:lineId/quality — into each region of those who were called, the busiest first; null where it is not known. */
export const RegionQualityView = QualityNow.extend({ region: z.string().nullable() })
export type RegionQualityView = z.infer<typeof RegionQualityView>

/** POST /lines/:lineId/drain — nothing new goes over a drained line; what is on its way goes on. Answers nothing but that it is done. */
export const DrainLine = z.object({ drain: z.boolean() })
