import type { z } from 'zod'
import type { CreateLine, LineView } from '@loopline/contracts/line'

export type Draft = z.infer<typeof CreateLine>

export const FRESH: Draft = {
  name: '', type: 'voip', enabled: true, remote: '', local: '127.0.0.1:0', authUser: null, authPassword: null, authRealm: null, numberFormat: 'e164', callerIds: [],
  maxConcurrent: 100, maxPerSecond: 10, weight: 10, sandbox: false, probe: true, srtp: 'off', carrier: '', contract: '',
  countryCode: '86', stripPrefix: '', addPrefix: '', mayCall: [], codecs: ['PCMA', 'PCMU'], permittedUse: '', tariff: null, registers: false, registerSeconds: 300, transport: 'udp', tlsCa: null,
}

const FIELDS = Object.keys(FRESH) as (keyof Draft)[]

export function draftOf(line: LineView): Draft {
  const known = { ...line, authPassword: null }
  return Object.fromEntries(FIELDS.map((field) => [field, known[field]])) as unknown as Draft
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** What the person changed. An empty password box keeps the one that is there. */
export const changesIn = (draft: Draft, base: Draft): Partial<Draft> => Object.fromEntries(FIELDS.filter((field) => !same(draft[field], base[field])).map((field) => [field, draft[field]]))

/** The fields that both changed, to different ends. */
export const contested = (draft: Draft, base: Draft, current: Draft): (keyof Draft)[] =>
  FIELDS.filter((field) => !same(draft[field], base[field]) && !same(current[field], base[field]) && !same(draft[field], current[field]))
