import { readTree } from '../tidy/source-tree.ts'
import { ROOT } from '../step.ts'
import { errorsPage } from './errors.ts'
import { packageGraphPage } from './package-graph.ts'
import { settingsPage } from './settings.ts'

/** Pages that are written by programs, from what the program itself obeys. */
export const DOCUMENTS: readonly { path: string; text(): string }[] = [
  { path: 'docs/settings.md', text: settingsPage },
  { path: 'docs/errors.md', text: errorsPage },
  { path: 'docs/package-graph.md', text: () => packageGraphPage(readTree(ROOT)) },
]
