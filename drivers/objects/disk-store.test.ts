import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { objectStoreContract } from './object-store.contract.ts'
import { openObjects } from './open-objects.ts'

const folder = mkdtempSync(join(tmpdir(), 'loopline objects '))
afterAll(() => rmSync(folder, { recursive: true }))

objectStoreContract('disk', () => openObjects(pathToFileURL(folder).href))

test('files are for their owner only, and no part of one stays behind', async () => {
  const store = await openObjects(pathToFileURL(folder).href)
  await store.put('e/private', Uint8Array.of(1))
  expect(statSync(join(folder, 'e/private')).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(folder, '.parts'))).toEqual([])
})

test('an address that is neither is refused by name', () => expect(openObjects('ftp://there')).rejects.toMatchObject({ code: 'ADDRESS_UNKNOWN' }))
