/** Decides how docs/settings.md tells of every setting: its name, default, meaning and who reads it. */
import { z } from 'zod'
import { CrmConfig } from '@loopline/crm/config'
import { DialerConfig } from '@loopline/dialer/config'
import { HUB_SETTINGS } from '@loopline/hub/config'
import { CARRIER_SETTINGS } from '@loopline/sandbox/config'
import { SERVER_SETTINGS, SERVE_SETTINGS } from '@loopline/server/config'
import { VOICE_SETTINGS } from '@loopline/voice/config'
import { code, page, table } from './markdown.ts'

interface Reader {
  title: string
  file: string
  /** When these settings count. */
  about: string
  schema: z.ZodObject
}

/** Every schema of settings in the tree; a test fails when a config.ts is missing here. */
export const READERS: readonly Reader[] = [
  { title: '`loopline demo` and `loopline start`', file: 'apps/server/config.ts', schema: SERVER_SETTINGS, about: 'What a whole installation on one machine is told. It chooses every setting below for its children; one set in the environment beside them reaches the children too, unless the installation chooses it.' },
  { title: '`loopline serve`: every service', file: 'apps/server/config.ts', schema: SERVE_SETTINGS, about: 'For processes started one by one, on one machine or on many.' },
  { title: 'hub', file: 'services/hub/config.ts', schema: HUB_SETTINGS, about: '`loopline serve hub`.' },
  { title: 'crm', file: 'services/crm/config.ts', schema: CrmConfig, about: '`loopline serve crm`.' },
  { title: 'dialer', file: 'services/dialer/config.ts', schema: DialerConfig, about: '`loopline serve dialer`.' },
  { title: 'voice', file: 'services/voice/config.ts', schema: VOICE_SETTINGS, about: '`loopline serve voice`.' },
  { title: 'sandbox carrier', file: 'sandbox/config.ts', schema: CARRIER_SETTINGS, about: '`node sandbox/main.ts`. As arguments too: `--control-port 7070` is `CARRIER_CONTROL_PORT`.' },
]

/** Read by programs that are no part of a running installation. */
const OF_TESTS = [
  ['LOOPLINE_REQUIRE_PEERS', 'empty', '`1`: a peer suite whose foreign program is missing fails instead of being left out.', 'tools/test.ts'],
  ['LOOPLINE_TEST_S3', 'empty', 'A bucket of an S3 server, s3://bucket?endpoint=…, in which tests may write; empty leaves them out.', 'drivers/objects/s3-store.test.ts'],
  ['LOOPLINE_TEST_POSTGRES', 'empty', 'Server on which tests make their databases, postgres://…; empty starts an embedded one.', 'drivers/postgres/test-server.ts'],
] as const

export function settingsPage(): string {
  const sections = READERS.map(({ title, file, about, schema }) =>
    `## ${title}\n${about} Read by ${code(file)}.\n\n${table(['name', 'default', 'values', 'meaning'], Object.entries(schema.shape).map(([name, field]) => rowOf(name, field as z.ZodType)))}`)
  const tests = `## Tests\n${table(['name', 'default', 'meaning', 'read by'], OF_TESTS.map(([name, given, meaning, file]) => [code(name), given, meaning, code(file)]))}`
  return page('Settings', 'the zod schemas of apps/server, services and sandbox',
    'Environment variables. Each process reads its own once, before a socket opens; a wrong one is named and nothing starts.', ...sections, tests)
}

function rowOf(name: string, field: z.ZodType): string[] {
  const meaning = field.description
  if (meaning === undefined) throw new Error(`${name} has no describe(): say what it means`)
  return [code(name), defaultOf(field), valuesOf(field), meaning]
}

function defaultOf(field: z.ZodType): string {
  const absent = field.safeParse(undefined)
  if (!absent.success) return '**required**'
  const { data } = absent
  return data === undefined || data === null || data === '' ? 'empty' : code(typeof data === 'string' ? data : JSON.stringify(data))
}

interface Shape {
  enum?: unknown[]
  const?: unknown
  type?: string
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  format?: string
  anyOf?: Shape[]
  allOf?: Shape[]
}

function valuesOf(field: z.ZodType): string {
  return wordsOf(z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }) as Shape)
}

function wordsOf(shape: Shape): string {
  if (shape.enum) return shape.enum.filter((one) => one !== null && one !== '').map((one) => code(String(one))).join(' · ')
  if (shape.anyOf) return [...new Set(shape.anyOf.map(wordsOf).filter((words) => words !== ''))].join(' or ')
  if (shape.type === 'integer' || shape.type === 'number') return rangeOf(shape)
  if (shape.type === 'boolean') return '`true` · `false`'
  if (shape.const === '' || shape.type === 'null') return ''
  return shape.format === 'uri' ? 'URL' : shape.format ?? 'text'
}

function rangeOf({ minimum, exclusiveMinimum, maximum }: Shape): string {
  const from = exclusiveMinimum === undefined ? minimum : `above ${exclusiveMinimum}`
  const unbounded = (bound: number | string | undefined): boolean => bound === undefined || Math.abs(Number(bound)) === Number.MAX_SAFE_INTEGER
  if (unbounded(from) && unbounded(maximum)) return 'number'
  if (unbounded(maximum)) return `${from} or more`
  return unbounded(from) ? `up to ${maximum}` : `${from} to ${maximum}`
}
