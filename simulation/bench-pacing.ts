/**
 * What each way of pacing makes of the same campaigns. `npm run bench:pacing -- [--seeds 3] [--match REGEXP]`; the last line
 * is JSON, for machines. Figures are those of virtual time and depend on nothing but the seeds.
 */
import { runCampaign } from './campaign.ts'
import type { Figures, Pacing } from './campaign.ts'
import { SCENARIOS } from './scenario.ts'

const PACINGS: readonly (readonly [name: string, pacing: Pacing])[] = [
  ['progressive', { mode: 'progressive' }],
  ['ratio 2', { mode: 'ratio', ratio: 2 }],
  ['predictive 3 %', { mode: 'predictive', cap: 0.03 }],
  ['predictive 1 %', { mode: 'predictive', cap: 0.01 }],
]

const seeds = Number(argument('seeds', '3'))
const match = new RegExp(argument('match', '.'))
const rows: { scenario: string; pacing: string; utilisation: number; abandonment: number; abandonmentMost: number; callbackDelayMs: number }[] = []

console.log(`${'scenario'.padEnd(16)}${'pacing'.padEnd(16)}utilisation %  abandoned %  most %  callback delay s`)
for (const scenario of SCENARIOS.filter(({ name }) => match.test(name))) {
  for (const [name, pacing] of PACINGS) {
    const runs = Array.from({ length: seeds }, (_, index) => runCampaign(scenario, index + 1, pacing))
    const row = {
      scenario: scenario.name, pacing: name, utilisation: mean(runs, 'utilisation'), abandonment: mean(runs, 'abandonment'),
      abandonmentMost: Math.max(...runs.map(({ abandonment }) => abandonment)), callbackDelayMs: mean(runs, 'callbackDelayMs'),
    }
    rows.push(row)
    console.log(`${row.scenario.padEnd(16)}${row.pacing.padEnd(16)}${percent(row.utilisation, 1, 13)}${percent(row.abandonment, 2, 13)}${percent(row.abandonmentMost, 2, 8)}${(row.callbackDelayMs / 1_000).toFixed(1).padStart(18)}`)
  }
}
console.log(JSON.stringify({ bench: 'pacing', seeds, rows }))

function argument(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback)
}

function mean(runs: readonly Figures[], figure: 'utilisation' | 'abandonment' | 'callbackDelayMs'): number {
  return runs.reduce((sum, run) => sum + run[figure], 0) / runs.length
}

function percent(share: number, digits: number, width: number): string {
  return (100 * share).toFixed(digits).padStart(width)
}
