import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStep } from './step.ts'
import type { Tally } from './step.ts'

/** The part of vitest's JSON report we count. */
export interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; name: string; assertionResults: unknown[] }[]
}

/** Runs the tests that match the filters (all without) and counts them. */
export async function runVitest(filters: readonly string[]): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'loopline-report-'))
  const file = join(folder, 'report.json')
  const ran = await runStep('tests', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...filters])
  const text = await readFile(file, 'utf8').catch(() => undefined)
  await rm(folder, { recursive: true })
  const counted = text ? tallyOf(JSON.parse(text) as Report) : { passed: 0, failed: 0 }
  // An error outside any test (a rejection nobody awaited, a set-up that failed) shows in the exit code alone.
  return ran.failed > 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

/** A file that could not even be loaded has no tests and is one failure. */
export function tallyOf(report: Report): Tally {
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length }
}
