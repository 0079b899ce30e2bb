import { stripTypeScriptTypes } from 'node:module'
import { readTree } from './tidy/source-tree.ts'
import { unstrippable } from './unstrippable.ts'
import { ROOT } from './step.ts'

/** The server has no build: Node strips the types of each file it runs. tsc accepts syntax that stripping refuses. */
const RUN_BY_NODE = /^(vocabulary|contracts|engines|drivers|services|apps\/server|sandbox|simulation|interop|bench|tools)\/.*(?<!\.d)\.ts$/

const files = readTree(ROOT).files.filter(({ path }) => RUN_BY_NODE.test(path))
const refused = unstrippable(files, stripTypeScriptTypes)
for (const { path, because } of refused) console.log(`${path}: ${because}`)
console.log(`strips: ${files.length} files, ${refused.length} that Node cannot run`)
process.exitCode = refused.length === 0 ? 0 : 1
