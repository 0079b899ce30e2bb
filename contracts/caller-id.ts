import { z } from 'zod'

/** HTTP of dialer, noun: caller-id (号码池). Mounted at /caller-ids and /caller-id-groups. */

export const CALLER_ID_STATES = ['active', 'resting', 'held', 'retired'] as const
/** `resting`: comes back; `held`: was given back, and is nobody's until its time is over; `retired`: may be taken anew. */
export type CallerIdState = (typeof CALLER_ID_STATES)[number]

/** Quotas that vendors tell of; new numbers start here. */
export const DEFAULT_GROUP = '00000000-0000-7000-8000-0000000000c1'
/** Without quotas: numbers of sandboxes, and those that were in use before there were any. */
export const UNLIMITED_GROUP = '00000000-0000-7000-8000-0000000000c2'

const quota = z.number().int().min(1).max(1_000_000).nullable()
const channels = z.number().int().min(1).max(10_000).nullable()

const GroupFields = {
  name: z.string().trim().min(1).max(100),
  /** Calls within any 60 minutes and any 24 hours; null: any number. */
  quotaHour: quota,
  quotaDay: quota,
  /** Calls at once: at first and after suspicion, and at most; one more for each `rampCalls` calls. */
  channelsStart: channels,
  channelsMax: channels,
  rampCalls: z.number().int().min(1).max(10_000),
  /** Quiet after each call. */
  pauseSeconds: z.number().int().min(0).max(86_400),
  /** A number that was given back is nobody's for so long. */
  holdDays: z.number().int().min(0).max(3_650),
  /** Whether the answer rate is watched, and how long a number rests whose rate falls. */
  watched: z.boolean(),
  restHours: z.number().int().min(1).max(87_600),
}

export const CreateCallerIdGroup = z.object({
  ...GroupFields,
  quotaHour: quota.default(20), quotaDay: quota.default(60), channelsStart: channels.default(1), channelsMax: channels.default(5), rampCalls: GroupFields.rampCalls.default(20),
  pauseSeconds: GroupFields.pauseSeconds.default(0), holdDays: GroupFields.holdDays.default(30), watched: z.boolean().default(true), restHours: GroupFields.restHours.default(720),
})
export type CreateCallerIdGroup = z.infer<typeof CreateCallerIdGroup>
export const EditCallerIdGroup = z.object(GroupFields).partial().extend({ version: z.number().int() })
export type EditCallerIdGroup = z.infer<typeof EditCallerIdGroup>
export const CallerIdGroupView = z.object({ ...GroupFields, groupId: z.uuid(), version: z.number().int(), numbers: z.number().int() })
export type CallerIdGroupView = z.infer<typeof CallerIdGroupView>

const place = z.string().max(20).nullable()
const text = z.string().trim().max(500)

/** Up to 5,000 numbers at once; each that cannot be added is told with its reason, the others are. */
export const AddCallerIds = z.object({
  numbers: z.array(z.object({ number: z.string().trim().min(1).max(40), region: z.string().trim().max(40).optional(), note: text.optional() })).min(1).max(5_000),
  lineIds: z.array(z.uuid()).min(1).max(100),
  groupId: z.uuid().default(DEFAULT_GROUP),
  /** How we know that they are ours; without one they are kept and not used (lines of sandboxes need none). */
  proof: text.default(''),
})
export type AddCallerIds = z.infer<typeof AddCallerIds>
export const ADD_REFUSALS = ['not-a-number', 'twice', 'known', 'held'] as const
export const CallerIdsAdded = z.object({ added: z.number().int(), refused: z.array(z.object({ number: z.string(), reason: z.enum(ADD_REFUSALS), until: z.string().nullable() })) })
export type CallerIdsAdded = z.infer<typeof CallerIdsAdded>

export const EditCallerId = z.object({
  version: z.number().int(), lineIds: z.array(z.uuid()).min(1).max(100).optional(), groupId: z.uuid().optional(), region: z.string().trim().max(40).nullable().optional(),
  proof: text.optional(), note: text.optional(), quotaHour: quota.optional(), quotaDay: quota.optional(),
})
export type EditCallerId = z.infer<typeof EditCallerId>

const ids = z.array(z.uuid()).min(1).max(5_000)
/** What may be done with many numbers at once. A reason is kept, shown and audited. */
export const ChangeCallerIds = z.discriminatedUnion('act', [
  z.object({ act: z.literal('rest'), callerIds: ids, reason: text.min(1), hours: z.number().min(0.1).max(87_600).nullable() }),
  z.object({ act: z.literal('wake'), callerIds: ids, reason: text.min(1) }),
  z.object({ act: z.literal('move'), callerIds: ids, groupId: z.uuid() }),
  z.object({ act: z.literal('quota'), callerIds: ids, quotaHour: quota, quotaDay: quota }),
  z.object({ act: z.literal('release'), callerIds: ids, reason: text.min(1) }),
])
export type ChangeCallerIds = z.infer<typeof ChangeCallerIds>
export const CallerIdsChanged = z.object({ changed: z.number().int() })

export const CallerIdQuery = z.object({
  lineId: z.uuid().optional(), groupId: z.uuid().optional(), state: z.enum(CALLER_ID_STATES).optional(), text: z.string().trim().max(40).optional(),
  cursor: z.string().max(60).optional(), limit: z.coerce.number().int().min(1).max(500).default(200),
})
export type CallerIdQuery = z.infer<typeof CallerIdQuery>

export const CallerIdView = z.object({
  callerId: z.uuid(), version: z.number().int(), number: z.string(), lineIds: z.array(z.uuid()), groupId: z.uuid(),
  province: place, area: place, proof: z.string(), proven: z.boolean(),
  state: z.enum(CALLER_ID_STATES), reason: z.string().nullable(), stateBy: z.string().nullable(), stateAt: z.string(), until: z.string().nullable(), note: z.string(),
  /** Its own, where it has any; and what holds for it. */
  ownQuotaHour: quota, ownQuotaDay: quota, quotaHour: quota, quotaDay: quota,
  usedHour: z.number().int(), usedDay: z.number().int(), channels: channels, inFlight: z.number().int(),
  /** The last seven days of 24 hours, oldest first: calls that were judged, and those that were answered. */
  days: z.array(z.object({ calls: z.number().int(), answered: z.number().int() })).length(7),
  /** 0: nothing speaks against it; 1: it is suspected. */
  doubt: z.number().min(0).max(1),
})
export type CallerIdView = z.infer<typeof CallerIdView>
export const CallerIdPage = z.object({ items: z.array(CallerIdView), next: z.string().nullable(), counts: z.object({ active: z.number().int(), resting: z.number().int(), held: z.number().int(), retired: z.number().int(), suspected: z.number().int() }) })
export type CallerIdPage = z.infer<typeof CallerIdPage>
