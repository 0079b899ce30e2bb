import { describe, expect, test } from 'vitest'
import { findingsIn } from './rules.ts'
import { treeOf } from './source-tree.ts'

const manifest = (path: string, name: string, ...dependencies: string[]): { path: string; text: string } => ({
  path: `${path}/package.json`, text: JSON.stringify({ name, dependencies: Object.fromEntries(dependencies.map((one) => [one, '1'])) }),
})
const PACKAGES = [
  { path: 'package.json', text: JSON.stringify({ name: 'loopline', devDependencies: { vitest: '1' } }) },
  manifest('vocabulary', '@loopline/vocabulary'),
  manifest('engines/gate', '@loopline/gate', '@loopline/vocabulary', '@loopline/rules'),
  manifest('engines/rules', '@loopline/rules', '@loopline/vocabulary'),
  manifest('drivers/postgres', '@loopline/postgres', 'pg'),
  manifest('services/crm', '@loopline/crm', '@loopline/postgres', '@loopline/dialer', '@loopline/gate'),
  manifest('services/dialer', '@loopline/dialer'),
  manifest('apps/console', '@loopline/console', '@loopline/gate', '@loopline/vocabulary'),
  manifest('interop', '@loopline/interop', '@loopline/crm'),
]

/** Messages for one file, written into a tree that is otherwise in order. */
function said(path: string, text: string, ...others: { path: string; text: string }[]): string[] {
  return findingsIn(treeOf([...PACKAGES, ...others, { path, text }])).filter((finding) => finding.path === path).map(({ rule, message }) => `${rule}: ${message}`)
}

const SPREAD = {
  path: 'services/crm/migrations/000001_base.sql',
  text: `create table crm.customer (customer_id uuid primary key, name text);
    select loopline.spread('crm.customer', 'customer_id');
    create table crm.phone (customer_id uuid, id uuid, primary key (customer_id, id));
    select loopline.spread('crm.phone', 'customer_id', 'crm.customer');
    create table crm.tag (id uuid primary key);
    select loopline.everywhere('crm.tag');
    create table crm.note (id uuid primary key);
    select loopline.alone('crm.note');`,
}
const migration = (text: string): string[] => said('services/crm/migrations/000002_next.sql', text, SPREAD)
const query = (text: string): string[] => said('services/crm/customer/customer.sql.ts', `export const q = (db: Q, a: string) => db.sql\`${text}\``, SPREAD)

describe('imports', () => {
  const bad: [path: string, text: string, because: string][] = [
    ['engines/gate/a.ts', `import { x } from '@loopline/rules/x'`, 'engines may not import engines/rules'],
    ['services/crm/a.ts', `import type { X } from '@loopline/dialer/x'`, 'services may not import services/dialer'],
    ['services/crm/a.ts', `export { x } from '../dialer/x.ts'`, 'import @loopline/dialer/… instead of reaching'],
    ['apps/console/src/a.tsx', `const gate = await import('@loopline/gate/x')`, 'apps/console may not import engines/gate'],
    ['interop/a.ts', `import {\n  x,\n} from '@loopline/crm/x'`, 'interop may not import services/crm'],
    ['drivers/postgres/a.ts', `import 'lodash'`, 'drivers/postgres/package.json does not list lodash'],
    ['services/crm/customer/routes.ts', `import { q } from './customer.sql.ts'`, 'routes.ts imports ./customer.sql.ts'],
    ['services/crm/a.ts', `import { test } from 'vitest'`, 'does not list vitest'],
  ]
  test.each(bad)('%s: %s is refused', (path, text, because) => {
    expect(said(path, text).join()).toContain(because)
  })

  const good: [path: string, text: string][] = [
    ['engines/gate/a.ts', `import { x } from '@loopline/vocabulary/x'\nimport { y } from './y.ts'`],
    ['engines/gate/a.test.ts', `import { test } from 'vitest'\nimport { x } from '@loopline/rules/x'`],
    ['services/crm/a.ts', `import { openPool } from '@loopline/postgres/pool'\nimport { readFile } from 'node:fs/promises'`],
    ['drivers/postgres/a.ts', `// import 'lodash'\nconst text = "import x from 'lodash'"`],
  ]
  test.each(good)('%s: %s is allowed', (path, text) => {
    expect(said(path, text)).toEqual([])
  })
})

test('packages that import each other are refused, tests left aside', () => {
  const tree = treeOf([
    manifest('drivers/a', '@loopline/a', '@loopline/b'), manifest('drivers/b', '@loopline/b', '@loopline/a'), manifest('drivers/c', '@loopline/c', '@loopline/d'), manifest('drivers/d', '@loopline/d'),
    { path: 'drivers/a/x.ts', text: `import { y } from '@loopline/b/y'` }, { path: 'drivers/b/y.ts', text: `import type { x } from '@loopline/a/x'` },
    { path: 'drivers/c/x.ts', text: `import { y } from '@loopline/d/y'` }, { path: 'drivers/d/y.test.ts', text: `import { x } from '@loopline/c/x'` },
  ])
  const cycles = findingsIn(tree).filter(({ rule }) => rule === 'package-cycles')
  expect(cycles.map(({ path }) => path)).toEqual(['drivers/a/package.json', 'drivers/b/package.json'])
})

describe('engines are pure', () => {
  test.each([
    'const now = Date.now()', 'const now = new Date()', 'const p = Math.random()', 'export async function f() {}', 'performance.now()',
    'setTimeout(f, 1)', `import { x } from 'node:fs'`, 'console.log(1)', 'date.getHours()', 'return Promise.resolve(1)',
  ])('%s', (text) => {
    expect(said('engines/gate/a.ts', text).join()).toContain('purity')
  })

  test('a date made of an argument, and words in comments and strings, are fine', () => {
    expect(said('engines/gate/a.ts', `// await Date.now()\nconst at = new Date(now).getUTCHours() + 'async'`)).toEqual([])
  })

  test('their tests may do what they like', () => {
    expect(said('engines/gate/a.test.ts', 'await x(Date.now())')).toEqual([])
  })
})

describe('layout and left-overs', () => {
  const bad: [path: string, text: string, because: string][] = [
    ['services/crm/utils/a.ts', '', '`utils` says nothing'],
    ['services/crm/helpers.ts', '', '`helpers` says nothing'],
    ['services/crm/customer/index.ts', '', 'no barrels'],
    ['services/crm/customer/a.ts', `const url = process.env['X']`, 'only config.ts and main.ts'],
    ['services/crm/a.ts', '// TODO later', 'do it now'],
    ['services/crm/a.ts', '// @ts-ignore', 'mend what the tool found'],
    ['services/crm/a.ts', 'let x: any', 'say the type'],
    ['services/crm/a.ts', 'f(x as any)', 'say the type'],
    ['services/crm/a.ts', 'const m = new Map<string, any>()', 'say the type'],
    ['services/crm/a.test.ts', `test.skip('x', f)`, 'every test runs'],
    ['services/crm/a.test.ts', `describe.only('x', f)`, 'every test runs'],
    ['services/crm/a.ts', 'export default 1', 'export it by its name'],
    ['services/crm/a.test.ts', 'await new Promise((resolve) => setTimeout(resolve, 50))', 'wait for what happens'],
  ]
  test.each(bad)('%s: %s is refused', (path, text, because) => {
    expect(said(path, text).join()).toContain(because)
  })

  test('config.ts reads the environment, a child is given it, and `any` is a word in prose', () => {
    expect(said('services/crm/config.ts', 'readConfig(process.env)')).toEqual([])
    expect(said('services/crm/a.ts', 'spawn(x, { env: { ...process.env, A: b } }) // any of them\nconst company = anyOf')).toEqual([])
  })
})

describe('tables fit many machines', () => {
  const bad: [name: string, text: string, because: string][] = [
    ['a table without a place', 'create table crm.x (id uuid primary key)', 'say loopline.spread'],
    ['an index before the place', `create table crm.x (customer_id uuid); create index on crm.x (customer_id); select loopline.spread('crm.x', 'customer_id')`, 'create table, then spread'],
    ['a primary key without the spread column', `create table crm.x (id uuid primary key, customer_id uuid); select loopline.spread('crm.x', 'customer_id')`, 'must contain the spread column customer_id'],
    ['a unique index without the spread column', 'create unique index x on crm.phone (id)', 'must contain the spread column'],
    ['a unique constraint without the spread column', 'alter table crm.phone add constraint one unique (id)', 'must contain the spread column'],
    ['a foreign key into nowhere', 'alter table crm.phone add foreign key (id) references other.thing (id)', 'placed table of the same service'],
    ['a foreign key from alone to spread', 'alter table crm.note add foreign key (id) references crm.customer (customer_id)', 'leaves orphans'],
    ['a foreign key from spread to alone', 'alter table crm.phone add foreign key (id) references crm.note (id)', 'cannot refer to one that is alone'],
    ['a foreign key without the spread column', 'alter table crm.phone add foreign key (id) references crm.customer (customer_id)', 'must contain the spread column on both sides'],
    ['a trigger', 'create trigger t before insert on crm.tag execute function f()', 'no triggers'],
    ['a sequence', 'alter table crm.tag add column n bigserial', 'no sequences'],
    ['an identity', 'alter table crm.tag add column n int generated always as identity', 'no sequences'],
    ['row-level security', 'alter table crm.tag enable row level security', 'no row-level security'],
    ['two indexes dropped at once', 'drop index crm.a, crm.b', 'one by one'],
    ['a column with a named constraint', 'alter table crm.tag add column n int constraint positive check (n > 0)', 'two statements'],
  ]
  test.each(bad)('%s', (_, text, because) => {
    expect(migration(text).join()).toContain(because)
  })

  test('the order create, spread, indexes, foreign keys passes', () => {
    expect(migration(`
      create table crm.task (customer_id uuid not null, id uuid, tag_id uuid, body text, primary key (customer_id, id));
      select loopline.spread('crm.task', 'customer_id', 'crm.customer');
      create index task_tag on crm.task (tag_id) where body <> 'merge into; --';
      alter table crm.task add foreign key (customer_id) references crm.customer (customer_id);
      alter table crm.task add foreign key (tag_id) references crm.tag (id); -- create trigger
      drop index crm.a;`)).toEqual([])
  })
})

describe('statements fit many machines', () => {
  const bad: [text: string, because: string][] = [
    ['merge into crm.customer using x on true when matched then delete', 'no MERGE'],
    ['select count(*) from crm.customer group by rollup (name)', 'no ROLLUP'],
    ['update crm.customer set name = gen_random_uuid() where customer_id = ${a}', 'volatile function in UPDATE'],
    ['update crm.customer set at = clock_timestamp()', 'volatile function in UPDATE'],
    ['update crm.customer set customer_id = ${a}', 'never changes'],
    ['insert into crm.phone values (${a}) on conflict do nothing returning (xmax = 0) as fresh', 'plain columns only'],
    ['update crm.customer set name = ${a} returning lower(name)', 'plain columns only'],
    ['select 1 from crm.customer c join crm.phone p on p.id = c.first_phone', 'join crm.phone by customer_id too'],
    [`select pg_notify('x', '')`, 'no NOTIFY'],
    ['select reltuples from pg_class', 'estimate from our own'],
    ['select pg_current_xact_id()', 'no cursor by transaction id'],
  ]
  test.each(bad)('%s', (text, because) => {
    expect(query(text).join()).toContain(because)
  })

  test.each([
    'update crm.customer set name = ${a}, at = now() where customer_id = ${b} returning customer_id, name as called, customer.*',
    'select 1 from crm.customer c join crm.phone p on p.customer_id = c.customer_id join crm.tag t on t.id = p.tag',
    'insert into crm.tag values (${a}) returning (xmax = 0) as fresh',
  ])('%s passes', (text) => {
    expect(query(text)).toEqual([])
  })

  test('errors are not told apart by constraint name', () => {
    expect(said('services/crm/a.ts', `if (error.constraint === 'x') f()`).join()).toContain('isUniqueViolation')
  })
})

describe('a fresh clone installs', () => {
  const lockOf = (packages: object): string[] => said('package-lock.json', JSON.stringify({ packages }))
  const root = { '': { devDependencies: { vitest: '1' } } }

  test('a package.json the lock file does not know is told', () => {
    expect(lockOf(root).join()).toContain('services/crm/package.json has changed')
    expect(lockOf(root).join()).not.toContain('./package.json')
  })

  test('a platform the lock file leaves out is told', () => {
    expect(lockOf({ ...root, 'node_modules/a': { optionalDependencies: { 'a-darwin': '1', 'a-linux': '1' } }, 'node_modules/a-linux': {} }).join()).toMatch(/a-darwin has no entry/)
  })
})
