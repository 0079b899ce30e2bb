import { LOG_FORMATS, type LogFormat } from '@loopline/telemetry/log-destination'
import { z } from 'zod'

/** Settings of the `loopline` command itself; each service adds its own (docs/settings.md is generated from all of them). */
const Config = z.object({
  LOOPLINE_HOME: z.string().default('').describe('Folder for keys, the embedded PostgreSQL, journals and uploads. Default: `.loopline` in the project.'),
  DATABASE_URL: z.union([z.literal(''), z.url({ protocol: /^postgres(ql)?$/ })]).default('').describe('PostgreSQL 18 to use. Empty: an embedded one is started.'),
  HOST: z.string().default('127.0.0.1').describe('Address on which the gateway listens; everything else stays on 127.0.0.1.'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port of the gateway; 0 prefers 8080 and takes the next free one.'),
  TLS_CERT: z.string().default('').describe('File with a certificate chain that you have, PEM: the gateway speaks https with it, with or without `--lan`. Empty: `--lan` makes one of its own.'),
  TLS_KEY: z.string().default('').describe('File with the private key to TLS_CERT, PEM.'),
  AGENT_TLS_CERT: z.string().default('').describe('As AGENT_TLS_CERT of voice. Empty: TLS_CERT, so that desk telephones see the same certificate.'),
  LAN_NAMES: z.string().default('').describe('Comma-separated names that the DNS of your network has for this machine, for the certificate that `--lan` makes.'),
  MEDIA_ADDRESS: z.string().default('').describe('As MEDIA_ADDRESS of voice. Empty: `auto` with `--lan`, else 127.0.0.1.'),
  LOOPLINE_ONLY: z.string().default('').describe('Comma-separated services to run beside hub: `crm`, or `dialer,voice`. Empty: all.'),
  CALLEE_CLOCK: z.string().regex(/^$|^\d{2}:\d{2}$/).default('').describe('Demo and tests: local time at the callee when starting, e.g. 10:12. Empty: the demo shifts only outside calling hours.'),
  DEMO_CUSTOMERS: z.coerce.number().int().min(0).max(5_000_000).default(2_000).describe('How many synthetic customers the demo makes on its first start.'),
  DEMO_CALL_BACK_PERCENT: z.coerce.number().min(0).max(100).default(10).describe('How many people of the demo whose telephone rang in vain call back, percent.'),
  OBJECTS_URL: z.string().default('').describe('Where recordings are kept: file:///folder, or s3://bucket/prefix?endpoint=…&region=… . Empty: the folder objects in LOOPLINE_HOME.'),
  CONSOLE_DIR: z.string().default('').describe('Folder of a console built elsewhere. Empty: it is built from the sources when they changed.'),
  LOOPLINE_KEYS: z.string().optional().describe('The keys themselves (JSON), instead of the file `keys.json` in LOOPLINE_HOME.'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').describe('Least level that is logged.'),
  LOG_FORMAT: z.enum(['', ...LOG_FORMATS]).default('').describe('`text`: logs go to files in the folder `log` of LOOPLINE_HOME, and the terminal is told of warnings and errors in one line each. `json`: every line as JSON on standard output, and no files. Empty: `text` for the demo and at a terminal, else `json`.'),
})
export type ServerConfig = z.infer<typeof Config>
export const SERVER_SETTINGS = Config

/** What every process of `serve` reads beside the settings of its services. `start` and `demo` set them for their children. */
export const SERVE_SETTINGS = z.object({
  DATABASE_URL: z.string().default('').describe('PostgreSQL of the installation, postgres://…; voice alone needs none.'),
  LOOPLINE_KEY_FILE: z.string().default('').describe('File with the keys, made 0600 on first start. All processes of an installation need the same keys.'),
  LOOPLINE_KEYS: z.string().optional().describe('The keys themselves (JSON), instead of a file.'),
  HUB_INTERNAL_URL: z.string().default('http://127.0.0.1:1').describe('Where crm and dialer have acts audited: the internal address of hub. Without it nothing that must be audited can be done.'),
  LOG_LEVEL: Config.shape.LOG_LEVEL,
  LOG_FORMAT: z.enum(['', ...LOG_FORMATS]).default('').describe('`text`: sentences for a person; `json`: one object a line. Empty: `text` at a terminal, else `json`.'),
  LOG_DIR: z.string().default('').describe('With `text`: folder for log files (JSON lines, two of 10 MB at most for each process); standard output is then told of warnings and errors only.'),
  PROCESS_NAME: z.string().default('').describe('Names this process among all that ever ran here; random when empty. `start` and `demo` set it.'),
  PROCESS_BEFORE: z.string().default('').describe('PROCESS_NAME of the process whose place this one takes, when it is certain that it has ended: what it held is taken over at once. `start` and `demo` set it.'),
  DEMO: z.enum(['', '1']).default('').describe('`1`: hub makes the people of the demo and prints no set-up link.'),
  CALLEE_OFFSET_MS: z.coerce.number().int().default(0).describe('Shift of the callee clock with which a demo begins, milliseconds.'),
})
export type ServeConfig = z.infer<typeof SERVE_SETTINGS>

/** What was asked, or what suits whoever reads: a person at a terminal, or a machine that collects. */
export function logFormatOf(asked: '' | LogFormat, isForPerson: boolean): LogFormat {
  if (asked !== '') return asked
  return isForPerson ? 'text' : 'json'
}

/** @throws ZodError naming every wrong setting, before a socket opens. */
export const readServeConfig = (env: Record<string, string | undefined>): ServeConfig => SERVE_SETTINGS.parse(env)

const Checked = Config.refine(({ TLS_CERT, TLS_KEY }) => (TLS_CERT === '') === (TLS_KEY === ''), { path: ['TLS_KEY'], message: 'TLS_CERT and TLS_KEY are given together or not at all' })

/** @throws ZodError naming every wrong setting, before a socket opens. */
export const readConfig = (env: NodeJS.ProcessEnv): ServerConfig => Checked.parse(env)
