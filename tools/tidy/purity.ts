import { isTest, matches } from './source-tree.ts'
import type { Finding, SourceTree } from './source-tree.ts'

/** What an engine may not do, and what it does instead. Types see most of it; this sees the rest. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/g, 'reads the clock: take `now` as an argument'],
  [/\bnew Date\s*\(\s*\)|\bDate\s*\(\s*\)/g, 'reads the clock: take `now` as an argument'],
  [/\bperformance\b/g, 'reads the clock: take `now` as an argument'],
  [/\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/g, 'is random: take the random bytes as an argument'],
  [/\basync\b|\bawait\b|\bnew Promise\b|\bPromise\./g, 'waits: an engine decides at once and returns effects'],
  [/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/g, 'starts a timer: return when to be woken'],
  [/\b(process|console|fetch|localStorage)\./g, 'touches the world: that is a driver\'s work'],
  [/['"]node:/g, 'touches the world: that is a driver\'s work'],
  [/\.(getHours|getMinutes|getDay|getDate|getMonth|getFullYear|getTimezoneOffset|setHours|setMinutes|setDate)\s*\(/g, 'depends on the machine\'s time zone: the zone is an argument'],
]

/** Engines and vocabulary decide from their arguments alone. */
export function purity(tree: SourceTree): Finding[] {
  const files = tree.files.filter(({ path }) => /^(engines|vocabulary)\/.*\.ts$/.test(path) && !isTest(path))
  return files.flatMap((file) => IMPURE.flatMap(([pattern, because]) => matches(file, viewFor(pattern, file), pattern, 'purity', (match) => `${match[0].trim()} ${because}`)))
}

/** Module names stand in strings, everything else in code. */
function viewFor(pattern: RegExp, file: { code: string; uncommented: string }): string {
  return pattern.source.includes('node:') ? file.uncommented : file.code
}
