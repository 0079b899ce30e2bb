import { runStep } from './step.ts'
import type { Tally } from './step.ts'

/** What looks at the text alone, quickest first. Each counts as one test. */
const CHECKS: readonly (readonly [name: string, ...command: string[]])[] = [
  ['tidy', 'node', 'tools/tidy/main.ts'],
  ['every server file strips', 'node', '--disable-warning=ExperimentalWarning', 'tools/strips.ts'],
  ['oxlint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['types of engines', 'tsc', '-p', 'tsconfig.engines.json'],
  ['types of server', 'tsc', '-p', 'tsconfig.json'],
  ['types of console', 'tsc', '-p', 'apps/console/tsconfig.json'],
]

export async function runChecks(): Promise<Tally[]> {
  const tallies: Tally[] = []
  for (const [name, ...command] of CHECKS) tallies.push(await runStep(name, command))
  return tallies
}
