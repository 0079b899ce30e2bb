import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { describeServices } from './describe-services.ts'
import { SCHEMA } from './generate.ts'
import { schemaOf } from './schema.ts'

test('the typed client of the console says what the services answer', async () => {
  const fresh = await schemaOf(await describeServices())
  expect(await readFile(SCHEMA, 'utf8'), 'run: node tools/typed-client/generate.ts').toBe(fresh)
})

test('every address of the console is described, and no internal one', async () => {
  const paths = Object.keys((await describeServices()).paths)
  expect(paths).toEqual(expect.arrayContaining(['/api/hub/me', '/api/crm/customers', '/api/dialer/campaigns', '/api/auth/sign-in/username']))
  expect(paths.filter((path) => path.includes('/internal/'))).toEqual([])
})
