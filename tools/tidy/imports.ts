import { isTest, lineAt, packageAt } from './source-tree.ts'
import type { Finding, Package, SourceFile, SourceTree } from './source-tree.ts'

/**
 * Who may import whom (design.md, Layout). Left: where a file stands; right: the folders it may import from besides its
 * own package. The first row that matches counts.
 */
const MAY_IMPORT: readonly (readonly [folder: string, ...from: string[]])[] = [
  ['vocabulary'],
  ['engines', 'vocabulary'],
  ['contracts', 'vocabulary'],
  ['drivers', 'vocabulary', 'drivers'],
  ['services', 'vocabulary', 'contracts', 'engines', 'drivers'],
  ['apps/server', 'vocabulary', 'contracts', 'engines', 'drivers', 'services'],
  ['apps/console', 'vocabulary', 'contracts'],
  ['apps/widget', 'vocabulary', 'contracts'],
  ['sandbox', 'vocabulary', 'engines', 'drivers'],
  ['simulation', 'vocabulary', 'engines'],
  ['interop', 'vocabulary'],
  ['bench', 'vocabulary', 'contracts', 'engines', 'drivers', 'services', 'sandbox', 'interop', 'apps/server'],
  ['tools', 'vocabulary', 'contracts', 'engines', 'drivers', 'services', 'sandbox', 'interop', 'apps/server'],
]

/** A test may hold an engine against what the table keeps apart: a predicate against PostgreSQL, rules against conditions. */
const TESTS_OF_ENGINES = ['vocabulary', 'contracts', 'engines', 'drivers']

const IMPORT = /(?:^\s*(?:import|export)\b[^'"`;()]*?\bfrom\s*|^\s*import\s*|\bimport\s*\(\s*|\bimport\.meta\.resolve\(\s*)(['"])([^'"\n]+)\1/gm

/** An import that breaks the table, or that reaches into another package by a relative path. */
export function importTable(tree: SourceTree): Finding[] {
  return tree.files.flatMap((file) => importsOf(file).flatMap(([match, specifier]) => {
    const message = refusal(tree, file, specifier)
    return message ? [found(file, match, 'import-table', message)] : []
  }))
}

/** An import of a package that the importing package.json does not name. */
export function dependencyListing(tree: SourceTree): Finding[] {
  return tree.files.flatMap((file) => {
    const home = packageAt(tree, file.path)
    return importsOf(file).flatMap(([match, specifier]) => {
      const name = packageName(specifier)
      return !name || !home || isListed(tree, home, name, file.path)
        ? []
        : [found(file, match, 'dependency-listing', `${home.folder}/package.json does not list ${name}`)]
    })
  })
}

/** Routes call use cases; the statement is theirs to choose. */
export function routesWithoutSql(tree: SourceTree): Finding[] {
  return tree.files.filter(({ path }) => /(^|\/)routes\.ts$/.test(path)).flatMap((file) =>
    importsOf(file).flatMap(([match, specifier]) => specifier.endsWith('.sql.ts')
      ? [found(file, match, 'routes-without-sql', `routes.ts imports ${specifier}: call a use case, which calls it`)]
      : []))
}

/** Folders of the workspaces a file imports from, its own left out. */
export function importedPackages(tree: SourceTree, file: SourceFile): string[] {
  const home = packageAt(tree, file.path)
  return importsOf(file).flatMap(([, specifier]) => {
    const target = targetOf(tree, file, specifier)
    return target && target !== home && target.folder !== '' ? [target.folder] : []
  })
}

function importsOf(file: SourceFile): [RegExpMatchArray, string][] {
  // Samples of bad imports stand in strings of these rules' tests.
  if (!/\.(ts|tsx|mjs)$/.test(file.path) || file.path.startsWith('tools/tidy/rules.test')) return []
  return [...file.uncommented.matchAll(IMPORT)].map((match) => [match, match[2] as string])
}

function refusal(tree: SourceTree, file: SourceFile, specifier: string): string | undefined {
  const home = packageAt(tree, file.path)
  if (!home || home.folder === '') return undefined
  const target = targetOf(tree, file, specifier)
  if (!target || target === home) return undefined
  if (specifier.startsWith('.')) return `import ${target.name}/… instead of reaching into ${target.folder || 'the root'} by path`
  const row = MAY_IMPORT.find(([folder]) => isIn(home, folder))
  if (!row) return `${home.folder} has no row in tools/tidy/imports.ts`
  const allowed = row[0] === 'engines' && isTest(file.path) ? TESTS_OF_ENGINES : row.slice(1)
  return allowed.some((folder) => isIn(target, folder)) ? undefined : `${row[0]} may not import ${target.folder} (design.md, Layout)`
}

/** The workspace an import leads to; nothing for packages of others. */
function targetOf(tree: SourceTree, file: SourceFile, specifier: string): Package | undefined {
  return specifier.startsWith('.') ? packageAt(tree, resolved(file.path, specifier)) : tree.packages.find(({ name }) => name === packageName(specifier))
}

function isIn({ folder }: Package, layer: string): boolean {
  return folder === layer || folder.startsWith(`${layer}/`)
}

function isListed(tree: SourceTree, home: Package, name: string, path: string): boolean {
  if (name === home.name || home.dependencies.has(name) || home.devDependencies.has(name)) return true
  const root = tree.packages.find(({ folder }) => folder === '')
  return isTest(path) && root?.devDependencies.has(name) === true
}

/** `@scope/name` or `name` of a bare specifier; nothing for relative, node: and URL-like ones. */
function packageName(specifier: string): string | undefined {
  if (/^[./]|^(node|virtual|data|file):/.test(specifier)) return undefined
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

function resolved(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1)
}

function found(file: SourceFile, match: RegExpMatchArray, rule: string, message: string): Finding {
  return { path: file.path, line: lineAt(file.uncommented, match.index), rule, message }
}
