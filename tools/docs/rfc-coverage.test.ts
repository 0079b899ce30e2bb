import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../step.ts'

/** docs/rfc-coverage.md is written by hand; what can be checked of it is: each claim names its files, and they are there. */
interface Claim {
  about: string
  state: string
  by: string
  shownBy: string[]
}

const claims = readFileSync(join(ROOT, 'docs', 'rfc-coverage.md'), 'utf8').split('\n')
  .filter((line) => line.startsWith('|') && !/^\| ?(?:§|RFC|---)/.test(line) && !line.startsWith('|---'))
  .map((line): Claim => {
    const [, section = '', about = '', state = '', by = '', shownBy = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    return { about: `${section} ${about}`, state, by, shownBy: shownBy.split(',').map((name) => name.trim()).filter((name) => name !== '') }
  })

/** Files without a folder are in engines/sip, as the page says; so are its own sub-folders. */
const placeOf = (name: string): string => (existsSync(join(ROOT, 'engines', 'sip', name)) ? join('engines', 'sip', name) : name)
const FILE = /(?<![\w*./-])(?:[\w-]+\/)*[\w-]+\.ts\b/g

test('every claim has one of the three states', () => {
  expect(claims.length).toBeGreaterThan(40)
  expect(claims.filter(({ state }) => !/^(?:done|part|no(?:, on purpose)?)$/.test(state)).map(({ about }) => about)).toEqual([])
})

test('what is done, in part or refused on purpose is shown by a test', () => {
  expect(claims.filter(({ state, shownBy }) => state !== 'no' && shownBy.length === 0).map(({ about }) => about)).toEqual([])
})

test.each(claims.flatMap(({ about, shownBy }) => shownBy.map((name) => ({ about, name }))))('$about: $name is a test file of ours', ({ name }) => {
  const path = join(ROOT, placeOf(name))
  expect(name).toMatch(/\.(?:test|peer)\.ts$/)
  expect(existsSync(path) && statSync(path).isFile() && /test|console\.log\(['`]ok /.test(readFileSync(path, 'utf8'))).toBe(true)
})

test.each(claims)('$about: the files that do it are there', ({ by }) => {
  expect((by.match(FILE) ?? []).filter((name) => !existsSync(join(ROOT, placeOf(name))))).toEqual([])
})
