import { isIPv4 } from 'node:net'
import { z } from 'zod'
import { faultOf } from './announced-addresses.ts'

const announced = (text: string, context: z.RefinementCtx): void => {
  const fault = faultOf(text)
  if (fault !== null) context.addIssue({ code: 'custom', message: fault })
}

const isServer = (text: string): boolean => {
  const [address = '', port = '53', more] = text.split(':')
  return isIPv4(address) && /^\d{1,5}$/.test(port) && more === undefined
}

/** Settings of voice, read once before a socket opens. */
const Config = z.object({
  VOICE_LISTEN: z.string().default('127.0.0.1:0').describe('host:port of health and metrics.'),
  VOICE_LINK_LISTEN: z.string().default('127.0.0.1:0').describe('host:port where dialers connect to give orders.'),
  VOICE_DIR: z.string().min(1).describe('Folder of the journals of open calls; must survive a restart.'),
  AGENT_SIP_LISTEN: z.string().default('').describe('host:port where desk telephones of agents register by SIP over UDP and TCP; empty: nobody can.'),
  AGENT_TLS_LISTEN: z.string().default('').describe('host:port where desk telephones register by SIP over TLS; empty: nobody can. Needs AGENT_TLS_CERT and AGENT_TLS_KEY.'),
  AGENT_TLS_CERT: z.string().default('').describe('File with the certificate chain for SIP over TLS, PEM.'),
  AGENT_TLS_KEY: z.string().default('').describe('File with the private key for SIP over TLS, PEM.'),
  AGENT_DIGEST: z.enum(['sha-256', 'md5']).default('sha-256').describe('`sha-256`: desk telephones are asked for a SHA-256 proof first, MD5 second (RFC 8760). `md5`: for telephones that give up at an algorithm they do not know, as baresip 1.0 does.'),
  VOICE_CALLS_MAX: z.coerce.number().int().min(1).max(100_000).default(20_000).describe('Calls at once; more are refused, not queued.'),
  VOICE_DNS: z.string().default('').transform((text) => text.split(',').map((part) => part.trim()).filter((part) => part !== '')).refine((servers) => servers.every(isServer), { message: 'each is an IPv4 address, with or without :port' }).describe('DNS servers for the names of carriers, separated by commas, `address` or `address:port`. Empty: those of the system.'),
  VOICE_THREADS: z.coerce.number().int().min(1).max(64).default(1).describe('Signalling threads; one line is owned by one of them, and one signals about 4,000 calls a second.'),
  MEDIA_ADDRESS: z.string().superRefine(announced).default('127.0.0.1').describe('Address that our session descriptions name for voice: one (`203.0.113.7`), one for each network of the far end with a default (`10.0.0.0/8=10.0.0.5,default=203.0.113.7`), or `auto`: that of this machine in the far end\'s network.'),
  MEDIA_ADDRESS_AGENTS: z.string().superRefine((text, context) => { if (text !== '') announced(text, context) }).default('').describe('The same for agents\' telephones, by the network they come from, and where they reach AGENT_SIP_LISTEN when that is 0.0.0.0; browsers are told all of them. Empty: as MEDIA_ADDRESS.'),
  MEDIA_BIND: z.union([z.literal(''), z.ipv4()]).default('').describe('Address that media ports bind. Empty: MEDIA_ADDRESS where it is one and agents have no other, else all (0.0.0.0); another one behind a one-to-one NAT.'),
  MEDIA_PORTS: z.string().regex(/^(?:0|\d{1,5}-\d{1,5})$/).default('0').describe('UDP ports for RTP and RTCP, such as `20000-20999`, two for each call; 0 lets the system choose.'),
  MEDIA_BROWSER_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('The one UDP port to which all browsers send their voice; 0 lets the system choose.'),
  MEDIA_CALLS: z.coerce.number().int().min(0).max(2_000).default(100).describe('Calls with voice at once; their ports are bound at the start. More are refused.'),
  MEDIA_SILENCE_MAX_MS: z.coerce.number().int().min(200).max(600_000).default(20_000).describe('A call from whose line nothing at all has come for so long is ended: the carrier has lost it.'),
  MEDIA_DESK_PHONES: z.coerce.number().int().min(0).max(2_000).default(25).describe('Desk telephones with a standing leg at once; browsers need no port of their own.'),
  OBJECTS_URL: z.string().default('').describe('Where recordings are kept: file:///folder, or s3://bucket/prefix?endpoint=…&region=… . Empty: in VOICE_DIR.'),
  RECORDER_PENDING_MB: z.coerce.number().int().min(1).max(4_096).default(64).describe('Recorded sound that may wait for a slow store; beyond it recordings get holes, which are told.'),
  LOOPLINE_KEY_FILE: z.string().default('').describe('File with the keys, created 0600 on first start.'),
  LOOPLINE_KEYS: z.string().optional().describe('The keys themselves (JSON), instead of a file.'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('Least level that is logged.'),
})
export type VoiceConfig = z.infer<typeof Config>
export const VOICE_SETTINGS = Config

/** @throws ZodError naming every wrong setting. */
export const readConfig = (env: NodeJS.ProcessEnv): VoiceConfig => Config.parse(env)
