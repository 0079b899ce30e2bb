import { z } from 'zod'

/** HTTP of hub, noun: law pack. Shape and meaning of `LawPack` in engines/gate, which decides by it. */
const Minute = z.number().int().min(0).max(1_440)
const Window = z.strictObject({ fromMinute: Minute, toMinute: Minute }).refine(({ fromMinute, toMinute }) => fromMinute < toMinute, { message: 'a window ends after it begins' })
const Hours = z.array(Window).max(12)
const DAY_MS = 86_400_000
/** Several thousand days would make each decision slow. */
const DATES_MAX = 400
const Source = z.string().trim().min(1).max(1_000)

export const LawPackView = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/),
  version: z.number().int().min(1),
  places: z.strictObject({ prefixes: z.array(z.string().regex(/^\+[1-9]\d{0,4}$/)).max(200), zones: z.array(z.string().min(1).max(60)).max(200) }),
  hours: Hours.min(1),
  specialDays: z.array(z.strictObject({ weekdays: z.array(z.number().int().min(1).max(7)).max(7), dates: z.array(z.iso.date()).max(DATES_MAX), hours: Hours })).max(20),
  attemptsPerDayMax: z.number().int().min(1).max(20),
  caps: z.array(z.strictObject({ windowMs: z.number().int().min(60_000).max(31 * DAY_MS), max: z.number().int().min(1).max(20) })).max(10),
  abandonedLockMs: z.number().int().min(0).max(365 * DAY_MS),
  abandonRateMax: z.number().min(0).max(0.2),
  abandonWindowMs: z.number().int().min(3_600_000).max(31 * DAY_MS),
  connectWithinMs: z.number().int().min(500).max(10_000),
  ringTimeMsMin: z.number().int().min(0).max(60_000),
  registries: z.array(z.strictObject({ registry: z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/), ageDaysMax: z.number().int().min(1).max(366), whenOld: z.enum(['block', 'warn']) })).max(10),
  announcedCounts: z.boolean(),
  recordingRequired: z.boolean(),
  sources: z.strictObject({
    consent: Source, hours: Source, specialDays: Source, attemptsPerDayMax: Source, caps: Source, abandonedLockMs: Source, abandonRate: Source, ringTimeMsMin: Source, registries: Source,
    announcedCounts: Source, recordingRequired: Source,
  }),
})
export type LawPackView = z.infer<typeof LawPackView>

const uniqueIds = (packs: readonly { id: string }[]): boolean => new Set(packs.map(({ id }) => id)).size === packs.length

/** The packs in force; the first is that of our own place. `defaults` are what a new installation has. */
export const LawPacksView = z.object({ version: z.number().int(), packs: z.array(LawPackView), defaults: z.array(LawPackView) })
/** The whole set, over the version that was read. A pack that differs becomes a new version of itself; without any pack nobody may be called. */
export const EditLawPacks = z.strictObject({
  version: z.number().int(),
  packs: z.array(LawPackView).min(1).max(30).refine(uniqueIds, { message: 'each pack has an id of its own' }),
})
