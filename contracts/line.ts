import { z } from 'zod'
import { LINE_TYPES } from '@loopline/vocabulary/customer'

/** HTTP of dialer, noun: line. Mounted at /lines. */
const LineFields = z.object({
  name: z.string().trim().min(1).max(100),
  type: z.enum(LINE_TYPES),
  enabled: z.boolean().default(true),
  /** host:port of the carrier's SIP over UDP. */
  remote: z.string().max(200),
  /** host:port we bind; port 0 lets the system choose. */
  local: z.string().max(200).default('127.0.0.1:0'),
  authUser: z.string().max(100).nullable().default(null),
  authPassword: z.string().max(200).nullable().default(null),
  authRealm: z.string().max(200).nullable().default(null),
  numberFormat: z.enum(['e164', 'e164-no-plus', 'national']).default('e164'),
  callerIds: z.array(z.string().max(40)).min(1).max(1000),
  maxConcurrent: z.number().int().min(1).max(20_000).default(100),
  maxPerSecond: z.number().min(0.1).max(5000).default(10),
  weight: z.number().int().min(0).max(100).default(10),
  sandbox: z.boolean().default(false),
  carrier: z.string().max(200).default(''),
  contract: z.string().max(500).default(''),
})
export const CreateLine = LineFields
export const EditLine = LineFields.partial().extend({ version: z.number().int() })

export const LineView = LineFields.omit({ authPassword: true }).extend({
  lineId: z.uuid(),
  version: z.number().int(),
  state: z.enum(['up', 'down', 'probing', 'tripped', 'unknown']),
  stateReason: z.string().nullable(),
  inUse: z.number().int(),
  attemptsLastHour: z.number().int(),
  connectRateLastHour: z.number().nullable(),
})
export type LineView = z.infer<typeof LineView>
