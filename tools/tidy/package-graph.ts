import { importedPackages } from './imports.ts'
import { isTest, packageAt } from './source-tree.ts'
import type { Finding, SourceTree } from './source-tree.ts'

/** What one workspace imports of the others, by folder. `forTests`: only its tests and benches need it. */
export interface Imports {
  always: ReadonlySet<string>
  forTests: ReadonlySet<string>
}

/** Every workspace of the tree with what it imports, by folder. */
export function packageGraph(tree: SourceTree): ReadonlyMap<string, Imports> {
  const found = new Map<string, { always: Set<string>; forTests: Set<string> }>()
  for (const { folder } of tree.packages) if (folder !== '') found.set(folder, { always: new Set(), forTests: new Set() })
  for (const file of tree.files) {
    const home = found.get(packageAt(tree, file.path)?.folder ?? '')
    for (const target of importedPackages(tree, file)) home?.[isTest(file.path) ? 'forTests' : 'always'].add(target)
  }
  for (const { always, forTests } of found.values()) for (const folder of always) forTests.delete(folder)
  return found
}

/** A cycle of packages, tests left aside: none of them could be understood, or released, without the other. */
export function packageCycles(tree: SourceTree): Finding[] {
  const graph = packageGraph(tree)
  return [...layersOf(graph)].filter(([, layer]) => layer === null).map(([folder]) => ({
    path: `${folder}/package.json`, line: 1, rule: 'package-cycles', message: `${folder} imports a package that imports it: move what both need below both`,
  }))
}

/** How high each package stands: 0 imports none of ours, each other one above its highest import; null within a cycle or above one. */
export function layersOf(graph: ReadonlyMap<string, Imports>): Map<string, number | null> {
  const layers = new Map<string, number | null>()
  const layerOf = (folder: string, path: readonly string[]): number | null => {
    if (path.includes(folder)) return null
    const known = layers.get(folder)
    if (known !== undefined) return known
    const below = [...(graph.get(folder)?.always ?? [])].map((target) => layerOf(target, [...path, folder]))
    const layer = below.includes(null) ? null : Math.max(-1, ...below.map(Number)) + 1
    if (layer !== null || path.length === 0) layers.set(folder, layer)
    return layer
  }
  for (const folder of graph.keys()) layerOf(folder, [])
  return layers
}
