import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { CAMPAIGN_STATES } from '@loopline/contracts/campaign-event'
import { IMPORT_COLUMNS } from '@loopline/contracts/import'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import { RULE_ACTIONS } from '@loopline/vocabulary/rule-actions'
import { en } from './en'
import { pacingEn, pacingZh } from './pacing-words'
import { lineEn, lineZh } from './line-words'
import { zh } from './zh'

const PROJECT = join(import.meta.dirname, '../../../..')

type Tree = { readonly [key: string]: string | Tree }
const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] => (typeof value === 'string' ? [[`${path}${key}`, value]] : leaves(value, `${path}${key}.`)))

test('both languages leave the same gaps to fill', () => {
  const gaps = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name as string).sort()
  for (const [chinese, other] of [[zh, en], [pacingZh, pacingEn], [lineZh, lineEn]] as const) {
    const english = new Map(leaves(other))
    for (const [key, text] of leaves(chinese)) expect(gaps(english.get(key) ?? ''), key).toEqual(gaps(text))
  }
})

test('every word of the vocabulary has its text', () => {
  expect(Object.keys(zh.outcome).sort()).toEqual([...OUTCOMES].sort())
  expect(Object.keys(zh.campaignState).sort()).toEqual([...CAMPAIGN_STATES].sort())
  expect(Object.keys(zh.reason.effect).sort()).toEqual(Object.keys(RULE_ACTIONS).sort())
  expect(Object.keys(zh.import.column).sort()).toEqual([...IMPORT_COLUMNS].sort())
})

const registers = [
  { list: 'BLOCK_REASONS', file: 'engines/gate/reasons.ts', words: zh.reason.block },
  { list: 'OUTCOME_REASONS', file: 'engines/outcome/reasons.ts', words: zh.reason.outcome },
  { list: 'NO_LINE_REASONS', file: 'engines/routing/line.ts', words: zh.reason.block },
  { list: 'LINE_REASONS', file: 'engines/routing/line.ts', words: zh.reason.line },
]
// Read as text: the console may not import engines, but must have a text for each of their reasons.
for (const { list, file, words } of registers) {
  test(`every reason of ${list} has its text`, () => {
    const listed = new RegExp(`const ${list} = \\[([^\\]]+)\\]`).exec(readFileSync(join(PROJECT, file), 'utf8'))?.[1] ?? ''
    const reasons = [...listed.matchAll(/'([^']+)'/g)].map(([, reason]) => reason as string)
    expect(reasons.length).toBeGreaterThan(2)
    expect(Object.keys(words)).toEqual(expect.arrayContaining(reasons))
  })
}

test('every error that the gateway can pass on has its text', () => {
  const codes = ['drivers/http/coded-error.ts', ...['hub', 'crm', 'dialer'].map((service) => `services/${service}/errors.ts`)]
    .flatMap((file) => [...readFileSync(join(PROJECT, file), 'utf8').matchAll(/^ {2}([A-Z_]+): \{ status/gm)].map(([, code]) => code as string))
  expect(codes.length).toBeGreaterThan(40)
  const known = new Set(Object.keys(zh.error.of))
  expect(codes.filter((code) => !known.has(code) && !FOR_PROGRAMS.has(code))).toEqual([])
})

/** What only other systems can be told: the console never asks in a way that leads there. */
const FOR_PROGRAMS = new Set(['METHOD_NOT_ALLOWED', 'UNSUPPORTED_MEDIA_TYPE', 'WEBHOOK_NOT_FOUND', 'WEBHOOK_TARGET_REFUSED'])
