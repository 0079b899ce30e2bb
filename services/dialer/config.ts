import { z } from 'zod'
import { CRASH_POINTS } from './crash-point.ts'

const List = z.string().default('').transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== ''))
/** RFC 7064 §3.1, 7065 §3.1. */
const isIceUrl = (url: string): boolean => /^(?:stuns?:[^\s?,]+|turns?:[^\s?,]+(?:\?transport=(?:udp|tcp))?)$/.test(url)
const Url = z.string().default('').transform((text) => (text === '' ? null : text))

/** Settings of the dialer service. Read once, by main; the table in docs is generated from it. */
export const DialerConfig = z.object({
  DATABASE_URL: z.string().min(1).describe('PostgreSQL of the installation, postgres://…; the dialer keeps to its own schema there.'),
  DIALER_HOST: z.string().default('127.0.0.1').describe('Address the dialer listens on.'),
  DIALER_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port the dialer listens on; 0 takes a free one.'),
  DIALER_DATABASE_CONNECTIONS: z.coerce.number().int().min(3).max(64).default(8).describe('Database connections of the dialer.'),
  CRM_URL: Url.describe('Address of crm, http://host:port; empty when the dialer works alone and entries come by API.'),
  VOICE_LINK: z.string().default('').describe('host:port where voice takes orders; empty dials nothing.'),
  DIALER_TICK_MS: z.coerce.number().int().min(10).max(1_000).default(50).describe('How often the dial loop decides.'),
  DIALER_EVENT_BATCH_MAX: z.coerce.number().int().min(1).max(2_000).default(200).describe('Customer events applied in one transaction at most.'),
  ANNOUNCEMENT_LANGUAGE: z.enum(['zh', 'en']).default('zh').describe('Language of the company: announcements are spoken in it where a campaign names none, and in calls by hand.'),
  INBOUND_RING_MS: z.coerce.number().int().min(1_000).max(120_000).default(20_000).describe('How long a caller rings at one agent before he rings at the next, ms.'),
  INBOUND_QUEUE_MS: z.coerce.number().int().min(1_000).max(600_000).default(45_000).describe('How long a caller waits for somebody before he hears the fallback, ms.'),
  CALLBACK_FALLBACK_SECONDS: z.coerce.number().int().min(0).max(86_400).default(300).describe('So long after its time a promised call waits for the seller it was promised by; then anybody of the team is shown it.'),
  RECORDING_KEEP_DAYS: z.coerce.number().int().min(1).max(36_500).default(180).describe('How long a recording is kept, days; one under legal hold longer.'),
  TRANSFER_ANSWER_SECONDS: z.coerce.number().int().min(1).max(120).default(20).describe('How long a colleague may look at a call that he is asked to take; then it goes back to who asked, or on to the next.'),
  RECORDING_VERIFY_DAYS: z.coerce.number().int().min(1).max(3_650).default(30).describe('After so many days the chunks of a recording are held against its hash chain again; the first time as soon as it has ended.'),
  RECORDING_ROUND_MS: z.coerce.number().int().min(50).max(3_600_000).default(10_000).describe('How often recordings that are due are verified, and those whose time is over deleted.'),
  OBJECTS_URL: z.string().default('').describe('Where voice keeps recordings: file:///folder, or s3://bucket/prefix?endpoint=…&region=… . Empty: none can be played.'),
  AGENT_WEBSOCKET_PATH: z.string().startsWith('/').default('/api/voice/sip').describe('Path, under the console\'s own origin, of the WebSocket that carries SIP of browsers (RFC 7118).'),
  TURN_URLS: List.refine((urls) => urls.every(isIceUrl), { message: 'each is stun:host, turn:host:port?transport=udp|tcp or turns:host (RFC 7064, 7065)' }).describe('TURN and STUN servers that browsers are told of, separated by commas: `turn:turn.example:3478?transport=udp,turns:turn.example:5349`.'),
  TURN_SECRET: z.string().default('').describe('Secret shared with coturn (static-auth-secret): credentials are made of it and end after twelve hours, a shift. Needed with `turn:`.'),
  CRASH_AT: z.enum(CRASH_POINTS).nullable().default(null).describe('For tests: the instant at which this process kills itself.'),
})
export type DialerConfig = z.infer<typeof DialerConfig>

/** A browser refuses every call with a `turn:` server of which it has no credentials. */
const Checked = DialerConfig.refine(({ TURN_URLS, TURN_SECRET }) => TURN_SECRET !== '' || !TURN_URLS.some((url) => /^turns?:/.test(url)), { path: ['TURN_SECRET'], message: 'turn: servers in TURN_URLS need TURN_SECRET' })

/** @throws ZodError naming every wrong setting, before a socket opens. */
export const readConfig = (env: Record<string, string | undefined>): DialerConfig => Checked.parse({ ...env, CRASH_AT: env['CRASH_AT'] || null })
