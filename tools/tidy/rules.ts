import { dependencyListing, importTable, routesWithoutSql } from './imports.ts'
import { environment, leftOvers, names, sleeps } from './layout.ts'
import { lockFile } from './lock-file.ts'
import { tableShapes } from './migration-rules.ts'
import { packageCycles } from './package-graph.ts'
import { purity } from './purity.ts'
import { constraintNames, statements } from './statement-rules.ts'
import type { Finding, Rule, SourceTree } from './source-tree.ts'

/** Every rule that neither the compiler nor the linter sees. */
export const RULES: readonly Rule[] = [
  importTable, packageCycles, dependencyListing, routesWithoutSql, purity, names, environment, leftOvers, sleeps, tableShapes, statements, constraintNames, lockFile,
]

export function findingsIn(tree: SourceTree): Finding[] {
  return RULES.flatMap((rule) => rule(tree)).sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
}
