import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../step.ts'
import { DOCUMENTS } from './documents.ts'

for (const { path, text } of DOCUMENTS) {
  writeFileSync(join(ROOT, path), text())
  console.log(path)
}
