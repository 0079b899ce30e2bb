import { isTest, matches } from './source-tree.ts'
import type { Finding, SourceFile, SourceTree } from './source-tree.ts'

const SAYS_NOTHING = /(^|\/)(utils?|helpers?|common|lib|shared|misc)(\/|\.tsx?$)/

/** A name that says nothing gathers everything. */
export function names(tree: SourceTree): Finding[] {
  return tree.files.flatMap(({ path }) => {
    const vague = SAYS_NOTHING.exec(path)?.[2]
    if (vague) return [{ path, line: 1, rule: 'names', message: `\`${vague}\` says nothing: name the thing` }]
    return /(^|\/)index\.tsx?$/.test(path) ? [{ path, line: 1, rule: 'names', message: 'no barrels: import the file that has it' }] : []
  })
}

/** Settings are read once, validated, in one place of each process. Handing the whole on to a child reads nothing. */
export function environment(tree: SourceTree): Finding[] {
  const files = tree.files.filter(({ path }) => /^(vocabulary|contracts|engines|drivers|services|apps|sandbox|simulation)\//.test(path))
  return files
    .filter(({ path }) => !isTest(path) && !/(^|\/)(config|main)\.tsx?$|\.config\.ts$/.test(path))
    .flatMap((file) => matches(file, file.code, /(?<!\.\.\.)\bprocess\s*\.\s*env\b/g, 'environment', () => 'only config.ts and main.ts see process.env: take the value as an argument'))
}

const LEFT_OVER: readonly (readonly [view: 'text' | 'code', RegExp, string])[] = [
  ['text', /\b(TODO|FIXME)\b/g, 'do it now, or say in an issue why not'],
  ['text', /@ts-(ignore|nocheck|expect-error)|(oxlint|eslint)-disable/g, 'mend what the tool found'],
  ['code', /(?:[:|&<,(]|\bas)\s*any\b(?!\s*[:(=])/g, 'say the type, or `unknown`'],
  ['code', /\b(?:test|it|describe|bench)(?:\.\w+)*\.(?:only|skip|todo)\b/g, 'every test runs'],
  ['code', /\bexport\s+default\b/g, 'export it by its name'],
]

/** What is not meant to stay. */
export function leftOvers(tree: SourceTree): Finding[] {
  return sources(tree).flatMap((file) => LEFT_OVER.flatMap(([view, pattern, instead]) => {
    if (pattern.source.includes('default') && file.path.endsWith('.config.ts')) return [] // their tools ask for it
    return matches(file, file[view], pattern, 'left-overs', (match) => `${match[0].trim()}: ${instead}`)
  }))
}

/** A test that sleeps is slow on a fast machine and fails on a slow one. */
export function sleeps(tree: SourceTree): Finding[] {
  const pattern = /\bsleep\s*\(|\bsetTimeout\s*\(\s*(?:resolve|done|r|ok)\b|\bawait\s+(?:setTimeout|delay|wait)\s*\(\s*\d/g
  return sources(tree).filter(({ path }) => /\.test\.tsx?$/.test(path)).flatMap((file) =>
    matches(file, file.code, pattern, 'sleeps', () => 'wait for what happens (expect.poll, an event), not for a time'))
}

/** The rules' own samples would break the rules. */
function sources(tree: SourceTree): SourceFile[] {
  return tree.files.filter(({ path }) => !path.startsWith('tools/tidy/'))
}
