import { modelsOf } from './migration-rules.ts'
import { list, statementsOf } from './sql-text.ts'
import type { SqlStatement } from './sql-text.ts'
import type { Finding, SourceTree } from './source-tree.ts'

const RULE = 'data-rules'

/** Words that PostgreSQL on many machines refuses, or that quietly mean something else there (data-rules.md, Must). */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\bcreate (or replace )?(constraint )?trigger\b/, 'no triggers: say it in the statement'],
  [/\bmerge into\b/, 'no MERGE: insert … on conflict'],
  [/\b(rollup|cube) ?\(|\bgrouping sets\b/, 'no ROLLUP: union the groupings'],
  [/\brow level security\b|\bcreate policy\b/, 'no row-level security: scope compiles to a condition'],
  [/\b(small|big)?serial\b|\bas identity\b|\bcreate sequence\b|\bnextval ?\(/, 'no sequences: they jump and collide across nodes; keys are UUIDv7'],
  [/\bdrop index (concurrently )?(if exists )?[\w.]+ ?,/, 'DROP INDEX one by one'],
  [/\badd column\b[^,]*\bconstraint\b|\badd column\b.*, ?add constraint\b/, 'ADD COLUMN and its named constraint in two statements'],
  [/\bpg_current_xact_id\b|\btxid_current\b/, 'no cursor by transaction id: it breaks across nodes'],
  [/\bpg_notify ?\(|^notify\b/, 'no NOTIFY in a transaction: it serialises commits; use the notifier after commit'],
  [/\breltuples\b/, 'the coordinator counts −1: estimate from our own aggregates'],
  [/\bpartition by hash\b/, 'tables are not hash-partitioned: slower in nearly every test'],
]

const VOLATILE = /\b(random|gen_random_uuid|uuidv4|uuidv7|clock_timestamp|timeofday|nextval|random_normal) ?\(/

/** Statements of migrations and *.sql.ts files. */
export function statements(tree: SourceTree): Finding[] {
  const keys = spreadKeys(tree)
  const files = tree.files.filter(({ path }) => /^(services|drivers|apps)\//.test(path) && (/\/migrations\/[^/]+\.sql$/.test(path) || path.endsWith('.sql.ts')))
  return files.flatMap(statementsOf).flatMap((statement) => [
    ...FORBIDDEN.filter(([pattern]) => pattern.test(statement.words)).map(([, message]) => finding(statement, message)),
    ...updates(statement, keys),
    ...returning(statement, keys),
    ...joins(statement, keys),
  ])
}

/** Errors are told apart by SQLSTATE and table: names of constraints get suffixes on many machines. */
export function constraintNames(tree: SourceTree): Finding[] {
  return tree.files.filter(({ path }) => /^(services|apps\/server)\/.*\.ts$/.test(path)).flatMap((file) =>
    [...file.code.matchAll(/\.constraint\b\s*[=!]==?/g)].map((match) => ({
      path: file.path, line: file.code.slice(0, match.index).split('\n').length, rule: RULE, message: 'match errors by SQLSTATE and table (isUniqueViolation), not by constraint name',
    })))
}

function spreadKeys(tree: SourceTree): Map<string, string> {
  const tables = modelsOf(tree).flatMap(({ tables: found }) => [...found.values()])
  return new Map(tables.flatMap(({ name, placement }) => (placement?.kind === 'spread' ? [[name, placement.key] as const] : [])))
}

/** No volatile function in UPDATE, and the spread column never changes. */
function updates(statement: SqlStatement, keys: Map<string, string>): Finding[] {
  return [...statement.words.matchAll(/\bupdate (?:only )?([\w.]+)(?: (?:as )?\w+)? set (.*?)(?= from | where | returning |\)|$)/g)].flatMap(([whole, table, assignments]) => {
    const key = keys.get(table as string)
    const moved = key && list(assignments as string).some((assignment) => new RegExp(`^${key} ?=|^\\([^)]*\\b${key}\\b[^)]*\\) ?=`).test(assignment))
    const rest = statement.words.slice(statement.words.indexOf(whole))
    return [
      ...(VOLATILE.test(rest) ? [finding(statement, 'a volatile function in UPDATE: pass times and ids as parameters (now() is fine)')] : []),
      ...(moved ? [finding(statement, `${table}.${key} is the spread column and never changes`)] : []),
    ]
  })
}

/** RETURNING gives plain columns where the table is spread. */
function returning(statement: SqlStatement, keys: Map<string, string>): Finding[] {
  const writes = [...statement.words.matchAll(/\b(?:update(?: only)?|insert into|delete from) ([\w.]+)/g)].map(([, table]) => table as string)
  if (!writes.some((table) => keys.has(table))) return []
  return [...statement.words.matchAll(/\breturning (.*)$/g)].flatMap(([, tail]) => {
    const odd = list(untilClosed(tail as string)).find((column) => !/^(\w+\.)*(\w+|\*)( (as )?"?\w+"?)?$/.test(column))
    return odd ? [finding(statement, `RETURNING ${odd}: plain columns only`)] : []
  })
}

/** A join of two spread tables is by the spread column. */
function joins(statement: SqlStatement, keys: Map<string, string>): Finding[] {
  return [...statement.words.matchAll(/\bjoin ([\w.]+)(?: (?:as )?\w+)? (on|using)(.*?)(?=\bjoin\b|\bwhere\b|\bgroup by\b|\border by\b|\blimit\b|$)/g)].flatMap(([, table, , condition]) => {
    const key = keys.get(table as string)
    return key && !new RegExp(`\\b${key}\\b`).test(condition as string)
      ? [finding(statement, `join ${table} by ${key} too, or ask with = (select …) or in (select …)`)]
      : []
  })
}

/** Up to the parenthesis that closes what surrounds it. */
function untilClosed(text: string): string {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth < 0) return text.slice(0, at)
  }
  return text
}

function finding({ path, line }: SqlStatement, message: string): Finding {
  return { path, line, rule: RULE, message }
}
