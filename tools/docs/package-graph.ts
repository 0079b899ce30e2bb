/** Decides how docs/package-graph.md shows which workspace imports which. */
import { layersOf, packageGraph } from '../tidy/package-graph.ts'
import type { SourceTree } from '../tidy/source-tree.ts'
import { code, page, table } from './markdown.ts'

export function packageGraphPage(tree: SourceTree): string {
  const graph = packageGraph(tree)
  const layers = layersOf(graph)
  const rows = [...graph].map(([folder, { always, forTests }]) => ({ folder, layer: layers.get(folder) ?? Number.NaN, always, forTests }))
  rows.sort((a, b) => a.layer - b.layer || (a.folder < b.folder ? -1 : 1))
  return page('Package graph', 'the imports in the sources',
    'Layer 0 imports nothing of ours; every other package stands one above the highest it imports, so a row only ever names rows above it. ' +
      '`tools/tidy` refuses a cycle (package-graph.ts) and an import against the table of who may import whom (imports.ts): an engine never ' +
      'imports another engine, a service never another service.',
    table(['layer', 'package', 'imports', 'in its tests also'], rows.map(({ folder, layer, always, forTests }) => [String(layer), code(folder), folders(always), folders(forTests)])))
}

const folders = (found: ReadonlySet<string>): string => [...found].toSorted().map(code).join(' ')
