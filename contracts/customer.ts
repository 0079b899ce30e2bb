import { z } from 'zod'
import { CONSENTS, CUSTOMER_STATUSES, INTENTS, LEVELS } from '@loopline/vocabulary/customer'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import { PageQuery, pageOf } from './page.ts'

/** HTTP of crm, noun: customer. Mounted at /customers, seen from outside at /api/crm/customers. Instants are ISO 8601. */
const Instant = z.iso.datetime({ offset: true })

/** A phone as people without the reveal permission see it. */
export const PhoneView = z.object({
  phoneId: z.uuid(),
  position: z.number().int(),
  masked: z.string(),
  state: z.enum(['usable', 'invalid']),
})

export const ConsentView = z.object({
  purpose: z.enum(['marketing', 'recording']),
  state: z.enum(CONSENTS),
  source: z.string().nullable(),
  at: Instant.nullable(),
})

export const CustomerView = z.object({
  customerId: z.uuid(),
  version: z.number().int(),
  name: z.string(),
  company: z.string().nullable(),
  level: z.enum(LEVELS),
  status: z.enum(CUSTOMER_STATUSES),
  ownerId: z.uuid().nullable(),
  teamId: z.uuid().nullable(),
  tags: z.array(z.string()),
  region: z.string().nullable(),
  industry: z.string().nullable(),
  intent: z.enum(INTENTS),
  marketingConsent: z.enum(CONSENTS),
  recordingConsent: z.enum(CONSENTS),
  consents: z.array(ConsentView),
  neverCall: z.boolean(),
  timeZone: z.string().nullable(),
  lastFollowUpAt: Instant.nullable(),
  followUpPausedUntil: Instant.nullable(),
  lastOutcome: z.enum(OUTCOMES).nullable(),
  lastCalledAt: Instant.nullable(),
  noAnswerStreak: z.number().int(),
  rejectedCount: z.number().int(),
  attemptCount: z.number().int(),
  createdAt: Instant,
  updatedAt: Instant,
  sandbox: z.boolean(),
  phones: z.array(PhoneView),
})
export type CustomerView = z.infer<typeof CustomerView>

const ConsentInput = z.object({
  state: z.enum(CONSENTS),
  source: z.string().min(1).max(200),
  at: Instant,
})

const Editable = z.object({
  name: z.string().trim().min(1).max(200),
  company: z.string().trim().max(200).nullable(),
  level: z.enum(LEVELS),
  status: z.enum(CUSTOMER_STATUSES),
  ownerId: z.uuid().nullable(),
  tags: z.array(z.string().trim().min(1).max(50)).max(50),
  region: z.string().trim().max(100).nullable(),
  industry: z.string().trim().max(100).nullable(),
  intent: z.enum(INTENTS),
  neverCall: z.boolean(),
  timeZone: z.string().max(64).nullable(),
  followUpPausedUntil: Instant.nullable(),
  marketingConsent: ConsentInput,
  recordingConsent: ConsentInput,
})

export const CreateCustomer = Editable.partial().required({ name: true }).extend({
  /** As people write them; normalised to E.164 with China as the default country. */
  phones: z.array(z.string().min(3).max(40)).min(1).max(10),
})

/** A write names the version it read; the loser gets 409 VERSION_CONFLICT with the current CustomerView in details. */
export const EditCustomer = Editable.partial().extend({
  version: z.number().int(),
  addPhones: z.array(z.string().min(3).max(40)).max(10).optional(),
  removePhones: z.array(z.uuid()).max(10).optional(),
})

export const CustomerListQuery = PageQuery.extend({
  /** Name or company (Chinese, pinyin, initials), an exact phone, or the last four digits: told apart by form. */
  search: z.string().trim().max(100).optional(),
  /** Condition tree as JSON over CUSTOMER_FIELDS. */
  condition: z.string().max(20_000).optional(),
  view: z.enum(['all', 'mine', 'pool']).default('all'),
  sort: z.enum(['updated', 'created', 'level', 'followUp']).default('updated'),
})
export const CustomerPage = pageOf(CustomerView)

/** POST /customers/:customerId/phones/:phoneId/reveal — audited before it answers. */
export const RevealedPhone = z.object({ phone: z.string() })

/** POST /customers/:customerId/follow-ups — what a person noted. */
export const AddFollowUp = z.object({ note: z.string().trim().min(1).max(5000), intent: z.enum(INTENTS).optional() })

export const TimelineItem = z.object({
  id: z.uuid(),
  at: Instant,
  kind: z.enum(['call', 'follow-up', 'edit', 'created', 'imported', 'rule', 'consent', 'assigned']),
  actorId: z.string().nullable(),
  actorName: z.string().nullable(),
  /** By kind: a call carries CallEnded (contracts/call-event.ts), a rule its id, name, actions and cause. */
  body: z.record(z.string(), z.unknown()),
})
export type TimelineItem = z.infer<typeof TimelineItem>
export const TimelinePage = pageOf(TimelineItem)
