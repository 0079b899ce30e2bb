import { z } from 'zod'
import { LINE_TYPES } from '@loopline/vocabulary/customer'
import { NUMBER_FORMATS } from '@loopline/vocabulary/dialled-number'

/** HTTP of dialer, noun: line. Mounted at /lines. */

/** What the carrier asks for a minute of an answered call, and in which steps; an answered call pays the first at least. */
export const LineTariff = z.object({
  perMinute: z.number().min(0).max(1_000),
  currency: z.string().regex(/^[A-Z]{3}$/),
  firstSeconds: z.number().int().min(1).max(600),
  stepSeconds: z.number().int().min(1).max(600),
})
export type LineTariff = z.infer<typeof LineTariff>

export const LINE_TRANSPORTS = ['udp', 'tcp', 'tls'] as const
export const CODECS = ['PCMA', 'PCMU'] as const

const PREFIX = /^[+\d*#]{0,20}$/

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
  numberFormat: z.enum(NUMBER_FORMATS),
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
  /** Calling code of the country whose national form is meant, digits alone. */
  countryCode: z.string().regex(/^[1-9]\d{0,2}$/),
  /** Taken off the front of the written number, where it stands there; then the other is put in front (`dialledForm`). */
  stripPrefix: z.string().regex(PREFIX),
  addPrefix: z.string().regex(PREFIX),
  /** Beginnings of numbers in E.164 that it may call, such as `+86` or `+8610`; none: everywhere. */
  mayCall: z.array(z.string().regex(/^\+[1-9]\d{0,14}$/)).max(500),
  /** Offered in this order; no other is taken. */
  codecs: z.array(z.enum(CODECS)).min(1).max(CODECS.length),
  /** What the contract allows it to be used for, in words. */
  permittedUse: z.string().max(500),
  /** Of calls that begin from now on; null: not known. */
  tariff: LineTariff.nullable(),
  /** Whether the carrier knows us by registration of `authUser`, which then needs a password too, and the life that is asked for. */
  registers: z.boolean(),
  registerSeconds: z.number().int().min(60).max(86_400),
  /** How the carrier is spoken to. */
  transport: z.enum(LINE_TRANSPORTS),
  /** Certificates (PEM) that the carrier's must be signed by; null: those the system trusts. */
  tlsCa: z.string().max(20_000).nullable(),
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
  countryCode: Fields.countryCode.default('86'),
  stripPrefix: Fields.stripPrefix.default(''),
  addPrefix: Fields.addPrefix.default(''),
  mayCall: Fields.mayCall.default([]),
  codecs: Fields.codecs.default([...CODECS]),
  permittedUse: Fields.permittedUse.default(''),
  tariff: Fields.tariff.default(null),
  registers: Fields.registers.default(false),
  registerSeconds: Fields.registerSeconds.default(300),
  transport: Fields.transport.default('udp'),
  tlsCa: Fields.tlsCa.default(null),
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
  /** Of calls that ended within the last hour on a tariff; in its currency now. */
  costLastHour: z.number().nullable(),
  /** Of what comes from the line, over the calls of the last hour that had voice; null without one. */
  soundLastHour: z.object({ calls: z.number().int(), mos: z.number().nullable(), loss: z.number().nullable(), jitterMs: z.number().nullable(), roundTripMs: z.number().nullable() }).nullable(),
})
export type LineView = z.infer<typeof LineView>

/** What an OPTIONS request (RFC 3261 §11) to the line's carrier came to. `failure`: why nothing was answered; null: it was. */
export const LineProbe = z.object({
  failure: z.enum(['no-answer', 'not-open']).nullable(),
  status: z.number().int().nullable(),
  phrase: z.string().nullable(),
  roundTripMs: z.number().nullable(),
  /** What the carrier calls itself (Server or User-Agent), and the methods it allows. */
  server: z.string().nullable(),
  allow: z.string().nullable(),
  /** `transport host:port` that was asked; null for a line that is not open. */
  asked: z.string().nullable(),
})
export type LineProbe = z.infer<typeof LineProbe>
/** With the state of the line after it. */
export const LineProbed = LineProbe.extend({ state: LineView.shape.state, stateReason: LineView.shape.stateReason })
export type LineProbed = z.infer<typeof LineProbed>
