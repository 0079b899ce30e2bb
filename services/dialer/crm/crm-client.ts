import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { createServiceClient } from '@loopline/http/service-client'
import type { Identity } from '@loopline/http/identity-token'
import type { AttemptId, CampaignId, CustomerId, PhoneId } from '@loopline/vocabulary/ids'
import type { AudienceFacts } from '@loopline/contracts/audience-facts'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { RuleBook } from '@loopline/contracts/rule-event'

/** What the dialer asks of crm. Without a crm (dialer alone) there is none of these, and entries come by API. */
export interface CrmClient {
  customers(customerIds: readonly CustomerId[]): Promise<CustomerState[]>
  /** Whose number this is, by its blind index in base64; null when nobody's. */
  customerByPhone(blindIndex: string): Promise<{ customer: CustomerState; phoneId: PhoneId } | null>
  /** Makes a record of a caller who has none. @throws PHONE_TAKEN */
  createFromCaller(caller: NewCaller): Promise<CustomerState>
  /** Everyone who meets the condition or may by time alone, ordered by customer id, from behind `after` on. */
  audience(campaignId: CampaignId | null, condition: unknown, after: CustomerId | null, signal: AbortSignal): AsyncGenerator<CustomerState, void, void>
  /** What bears on whether each of them may be called, up to 1,000 at a time; only those who meet the condition now. */
  audienceFacts(condition: unknown, signal: AbortSignal): AsyncGenerator<AudienceFacts[], void, void>
  countAudience(condition: unknown): Promise<{ matching: number; estimated: boolean }>
  rules(): Promise<RuleBook>
}

/** `sealed`: his number, bound to the attempt. */
export interface NewCaller {
  customerId: CustomerId
  attemptId: AttemptId
  sealed: string
  name: string
  company?: string
  actor: Identity
}

/** Answers of our own service: their form is guarded by the contract's tests, not at run time for each of a million rows. */
const Customers = z.object({ customers: z.array(z.unknown()) })
const Count = z.object({ matching: z.number(), estimated: z.boolean() })
const Book = z.looseObject({ version: z.number(), rules: z.array(z.unknown()), priorityByLevel: z.record(z.string(), z.number()) })
const ByPhone = z.object({ found: z.object({ customer: z.unknown(), phoneId: z.string() }).nullable() })
const FromCaller = z.object({ customer: z.unknown() })
/** A caller hears nothing until crm has answered. */
const BY_PHONE_MS = 1_500
const STREAM_MS = 3_600_000

export function createCrmClient(baseUrl: string, identityKey: KeyObject): CrmClient {
  const client = createServiceClient({ baseUrl, identityKey, name: 'dialer' })
  return {
    async customers(customerIds) {
      const { customers } = await client.call('/internal/customers/by-id', { method: 'POST', body: { customerIds }, answer: Customers, timeoutMs: 15_000 })
      return customers as CustomerState[]
    },
    async customerByPhone(blindIndex) {
      const { found } = await client.call('/internal/customers/by-phone', { method: 'POST', body: { blindIndex }, answer: ByPhone, timeoutMs: BY_PHONE_MS })
      return found as { customer: CustomerState; phoneId: PhoneId } | null
    },
    async createFromCaller(caller) {
      const { customer } = await client.call('/internal/customers/from-caller', { method: 'POST', body: caller, answer: FromCaller, timeoutMs: 10_000 })
      return customer as CustomerState
    },
    async *audience(campaignId, condition, after, signal) {
      const body = { ...(campaignId ? { campaignId } : {}), condition, includePossible: true, ...(after ? { afterCustomerId: after } : {}) }
      for await (const line of client.lines('/internal/audience', { method: 'POST', body, timeoutMs: STREAM_MS, signal })) yield line as CustomerState
    },
    async *audienceFacts(condition, signal) {
      for await (const line of client.lines('/internal/audience-facts', { method: 'POST', body: { condition }, timeoutMs: STREAM_MS, signal })) yield line as AudienceFacts[]
    },
    countAudience: (condition) => client.call('/internal/audience-count', { method: 'POST', body: { condition }, answer: Count, timeoutMs: 15_000 }),
    rules: async () => (await client.call('/internal/rules', { answer: Book })) as unknown as RuleBook,
  }
}
