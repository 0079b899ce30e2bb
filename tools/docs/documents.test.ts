import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../step.ts'
import { readTree } from '../tidy/source-tree.ts'
import { DOCUMENTS } from './documents.ts'
import { REGISTERS } from './errors.ts'
import { READERS } from './settings.ts'

describe('generated pages', () => {
  test.each(DOCUMENTS)('$path is up to date (npm run docs)', ({ path, text }) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text())
  })

  test('every config.ts is told of in docs/settings.md', () => {
    const files = globSync(['services/*/config.ts', 'apps/server/config.ts', 'sandbox/config.ts'], { cwd: ROOT })
    expect(new Set(READERS.map(({ file }) => file))).toEqual(new Set(files))
  })

  test('every errors.ts is told of in docs/errors.md', () => {
    const told = REGISTERS.map(([, file]) => file)
    expect(told).toEqual(expect.arrayContaining(globSync('services/*/errors.ts', { cwd: ROOT })))
  })

  test('a code means one status and one advice, whoever answers it', () => {
    const meanings = new Map<string, Set<string>>()
    for (const [, , register] of REGISTERS) {
      for (const [name, { status, retry }] of Object.entries(register)) meanings.set(name, (meanings.get(name) ?? new Set()).add(`${status} ${retry}`))
    }
    expect([...meanings].filter(([, found]) => found.size > 1)).toEqual([])
  })
})

/** Links from one page of ours to another file of the tree. */
const LINK = /\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g

/** A file named in a text, such as `pool/claim.sql.ts`; patterns with a star are left out. */
const FILE = /(?<![\w*./-])[\w-][\w./-]*\.(?:ts|tsx|mjs)\b/g

describe('links between pages', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', '{vocabulary,contracts,engines,drivers,services,apps,sandbox,interop,bench,tools}/**/README.md'], { cwd: ROOT })
    .filter((path) => !path.includes('node_modules'))
  test.each(pages)('%s names only files that exist', (path) => {
    const targets = [...readFileSync(join(ROOT, path), 'utf8').matchAll(LINK)].map((match) => match[1] as string)
    expect(targets.filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([])
  })

  const files = readTree(ROOT).files.map((file) => `/${file.path}`)
  test.each(pages)('%s tells of sources that exist', (path) => {
    const named = readFileSync(join(ROOT, path), 'utf8').match(FILE) ?? []
    expect(named.filter((name) => !files.some((file) => file.endsWith(`/${name}`)))).toEqual([])
  })
})
