import { findingsIn } from './rules.ts'
import { readTree } from './source-tree.ts'
import { ROOT } from '../step.ts'

const tree = readTree(ROOT)
const findings = findingsIn(tree)
for (const { path, line, rule, message } of findings) console.log(`${path}:${line}: ${message} (${rule})`)
console.log(`tidy: ${tree.files.length} files, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
