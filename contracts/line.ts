import { z } from 'zod'
import { LINE_TYPES } from '@loopline/vocabulary/customer'

/** HTTP of dialer, noun: line. Mounted at /lines. */
/** Each without its default: an edit that leaves a field out must not set it back. */
const Fields = {
  name: z.string().trim().min(1).max(100),
  type: z.enum(LINE_TYPES),
  enabled: z.boolean(),
  /** host:port of the carrier's SIP over UDP. */
  remote: z.string().max(200),
  /** host:port we bind; port 0 lets the system choose. */
  local: z.string().max(200),
  authUser: z.string().max(100).nullable(),
  authPassword: z.string().max(200).nullable(),
  authRealm: z.string().max(200).nullable(),
  numberFormat: z.enum(['e164', 'e164-no-plus', 'national']),
  /** The numbers it may show; a line without one carries no call until the pool (/caller-ids) gives it some. */
  callerIds: z.array(z.string().max(40)).max(20_000),
  maxConcurrent: z.number().int().min(1).max(20_000),
  maxPerSecond: z.number().min(0.1).max(5000),
  weight: z.number().int().min(0).max(100),
  sandbox: z.boolean(),
  /** Whether the carrier answers OPTIONS: false leaves it to unanswered INVITEs to say that it is away. */
  probe: z.boolean(),
  /** SRTP with keys in the SDP (RFC 4568): never, where the carrier takes them, or not without. */
  srtp: z.enum(['off', 'offer', 'required']),
  carrier: z.string().max(200),
  contract: z.string().max(500),
}

export const CreateLine = z.object({
  ...Fields,
  enabled: Fields.enabled.default(true),
  local: Fields.local.default('127.0.0.1:0'),
  authUser: Fields.authUser.default(null),
  authPassword: Fields.authPassword.default(null),
  authRealm: Fields.authRealm.default(null),
  numberFormat: Fields.numberFormat.default('e164'),
  maxConcurrent: Fields.maxConcurrent.default(100),
  maxPerSecond: Fields.maxPerSecond.default(10),
  weight: Fields.weight.default(10),
  sandbox: Fields.sandbox.default(false),
  probe: Fields.probe.default(true),
  srtp: Fields.srtp.default('off'),
  carrier: Fields.carrier.default(''),
  contract: Fields.contract.default(''),
})
export type CreateLine = z.infer<typeof CreateLine>
export const EditLine = z.object(Fields).partial().extend({ version: z.number().int() })
export type EditLine = z.infer<typeof EditLine>

export const LineView = CreateLine.omit({ authPassword: true }).extend({
  lineId: z.uuid(),
  version: z.number().int(),
  state: z.enum(['up', 'down', 'probing', 'tripped', 'unknown']),
  /** A code, and after a colon what it was measured by: `no-answer-from-carrier`, `answers-deny-everybody: 94 %`. */
  stateReason: z.string().nullable(),
  inUse: z.number().int(),
  attemptsLastHour: z.number().int(),
  connectRateLastHour: z.number().nullable(),
  /** Of what comes from the line, over the calls of the last hour that had voice; null without one. */
  soundLastHour: z.object({ calls: z.number().int(), mos: z.number().nullable(), loss: z.number().nullable(), jitterMs: z.number().nullable(), roundTripMs: z.number().nullable() }).nullable(),
})
export type LineView = z.infer<typeof LineView>
