import { fileURLToPath } from 'node:url'
import { overweight, weightsOf } from './budget.ts'

/** `node tools/console-budget/main.ts [dist]` weighs the built console and fails when it is too heavy. */
const weights = weightsOf(process.argv[2] ?? fileURLToPath(new URL('../../apps/console/dist', import.meta.url)))
console.log(`first load ${weights.firstLoadKb.toFixed(1)} kB`)
for (const { name, kb } of weights.routes) console.log(`${kb.toFixed(1).padStart(7)} kB  ${name}`)
const faults = overweight(weights)
for (const fault of faults) console.error(`too heavy: ${fault}`)
process.exitCode = faults.length === 0 ? 0 : 1
