import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describeServices } from './describe-services.ts'
import { schemaOf } from './schema.ts'

/** Writes the console's typed paths. Run after a change of contracts or routes: `node tools/typed-client/generate.ts`. */
export const SCHEMA = fileURLToPath(new URL('../../apps/console/src/api/schema.d.ts', import.meta.url))

if (import.meta.main) {
  await writeFile(SCHEMA, await schemaOf(await describeServices()))
  process.stdout.write(`${SCHEMA}\n`)
}
