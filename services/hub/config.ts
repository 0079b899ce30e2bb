import { z } from 'zod'

const flag = z.union([z.boolean(), z.stringbool()])

/** Settings of hub. docs/settings.md is generated from this. */
export const HUB_SETTINGS = z.object({
  DATABASE_URL: z.string().describe('PostgreSQL that hub uses.'),
  HOST: z.string().default('127.0.0.1').describe('Address on which the gateway listens.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port of the gateway; 0 takes a free one.'),
  HUB_INTERNAL_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port on 127.0.0.1 for the other services (audit, metrics); 0 takes a free one.'),
  TLS_CERT: z.string().default('').describe('File with the certificate chain of the gateway, PEM: it then speaks https only (TLS 1.3), and pages of the names in it are its own. Read again when it changes. Empty: plain http.'),
  TLS_KEY: z.string().default('').describe('File with the private key to TLS_CERT, PEM; may be the same file.'),
  TLS_AUTHORITY: z.string().default('').describe('File with the certificate of the authority that signed TLS_CERT, to be had at /ca.crt. Empty: people trust it already.'),
  PUBLIC_URL: z.union([z.literal(''), z.url()]).default('').describe('Address people use when a proxy with TLS stands in front, e.g. https://loopline.example. Makes cookies secure.'),
  CRM_URL: z.union([z.literal(''), z.url()]).default('').describe('Address of crm; empty when it does not run.'),
  DIALER_URL: z.union([z.literal(''), z.url()]).default('').describe('Address of dialer; empty when it does not run.'),
  VOICE_URL: z.union([z.literal(''), z.url()]).default('').describe('Address of voice, for the telephones of browsers; empty when it does not run.'),
  CONSOLE_DIR: z.string().default('').describe('Folder of the built console.'),
  AUDIT_DIR: z.string().describe('Folder outside the database for the signed heads of the audit chain.'),
  CALLEE_CLOCK_SETTABLE: flag.default(false).describe('Whether the callee clock may be shifted: demo and tests only.'),
  WEBHOOK_TO_LOOPBACK: flag.default(false).describe('Whether webhooks may go to this machine without TLS: tests only.'),
  SIGN_INS_PER_MINUTE: z.coerce.number().int().min(1).max(10_000).default(20).describe('Sign-in attempts per client address and minute.'),
  LOG_KEEP_DAYS: z.coerce.number().int().min(1).max(3_650).default(7).describe('Days for which the event log keeps what every reader has passed; webhooks can be replayed as far back.'),
  HUB_DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(64).default(4).describe('Database connections of hub; sign-on takes two more.'),
})
export type HubConfig = z.infer<typeof HUB_SETTINGS>

const Checked = HUB_SETTINGS.refine(({ TLS_CERT, TLS_KEY }) => (TLS_CERT === '') === (TLS_KEY === ''), { path: ['TLS_KEY'], message: 'TLS_CERT and TLS_KEY are given together or not at all' })

/** @throws ZodError naming every wrong setting, before a socket opens. */
export const readConfig = (env: Record<string, unknown>): HubConfig => Checked.parse(env)
