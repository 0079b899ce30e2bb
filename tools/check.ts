import { runChecks } from './checks.ts'
import { sum } from './step.ts'

const { passed, failed } = sum(await runChecks())
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
