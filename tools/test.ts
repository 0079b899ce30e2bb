import { PEER_SUITES } from '@loopline/interop/peers'
import { runChecks } from './checks.ts'
import { runPeerSuites } from './peer-suites.ts'
import type { LeftOut } from './peer-suites.ts'
import { sum } from './step.ts'
import type { Tally } from './step.ts'
import { runVitest } from './vitest-run.ts'

/** `npm test`: everything that needs no foreign program, then the suites whose peers are here. With a filter, only matching tests. */
async function runAll(filters: readonly string[]): Promise<Tally[]> {
  if (filters.length > 0) return [await runVitest(filters)]
  const checks = await runChecks()
  const tests = await runVitest([])
  const { tallies, leftOut } = await runPeerSuites(PEER_SUITES)
  return [...checks, tests, ...tallies, ...leftOut.map(reportLeftOut)]
}

/** A missing peer is a failure where LOOPLINE_REQUIRE_PEERS=1 promises that all are installed. */
function reportLeftOut({ suite, install }: LeftOut): Tally {
  const required = process.env['LOOPLINE_REQUIRE_PEERS'] === '1'
  console.log(`\n${required ? 'FAILED' : 'left out'}: ${suite.name} (needs ${suite.needs.join(', ')}); to run it: ${install.join(' && ')}`)
  return { passed: 0, failed: required ? 1 : 0 }
}

const { passed, failed } = sum(await runAll(process.argv.slice(2)))
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
