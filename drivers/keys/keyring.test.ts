import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import { newKeySet, withNewDataKey } from './key-file.ts'
import { createKeyring, loadKeyring } from './keyring.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'loopline-keys-'))
const NUMBER = '+8613900001234' as E164

test('what is sealed opens again in its context', () => {
  const keyring = createKeyring(newKeySet())
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, context) => {
    expect(keyring.open(keyring.seal(plain, context), context)).toBe(plain)
  }))
})

test('a sealed phone opens only for its customer, and a changed byte is noticed', () => {
  const keyring = createKeyring(newKeySet())
  const sealed = keyring.sealPhone(new Phone(NUMBER), 'customer-1')
  expect(keyring.openPhone(sealed, 'customer-1').reveal()).toBe(NUMBER)
  expect(() => keyring.openPhone(sealed, 'customer-2')).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }))
  for (let at = 1; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] as number) ^ 1
    expect(() => keyring.openPhone(changed, 'customer-1')).toThrow(expect.objectContaining({ code: 'SEAL_BROKEN' }))
  }
})

test('the same number seals differently each time and indexes always alike', () => {
  const keyring = createKeyring(newKeySet())
  expect(keyring.seal(NUMBER, 'c').equals(keyring.seal(NUMBER, 'c'))).toBe(false)
  expect(keyring.blindIndex(NUMBER)).toEqual(keyring.blindIndex(NUMBER))
  expect(keyring.blindIndex(NUMBER)).toHaveLength(32)
  expect(keyring.lastFourIndex('1234')).toHaveLength(8)
})

test('after a rotation old texts open, new ones carry the new version, and indexes stay', () => {
  const first = newKeySet()
  const before = createKeyring(first)
  const after = createKeyring(withNewDataKey(first))
  const old = before.seal('text', 'c')
  expect(after.open(old, 'c')).toBe('text')
  expect(after.seal('text', 'c')[0]).toBe(2)
  expect(after.blindIndex(NUMBER)).toEqual(before.blindIndex(NUMBER))
  expect(() => before.open(after.seal('text', 'c'), 'c')).toThrow(expect.objectContaining({ code: 'KEY_VERSION_UNKNOWN' }))
})

test('each purpose has its own signing key', () => {
  const keyring = createKeyring(newKeySet())
  expect(keyring.signingKey('identity').equals(keyring.signingKey('session'))).toBe(false)
  expect(keyring.signingKey('identity')).toBe(keyring.signingKey('identity'))
})

test('the first start makes a key file that only its owner may read; the second start uses it', () => {
  const file = join(folder(), 'deep', 'keys.json')
  const first = loadKeyring({ file })
  expect(existsSync(file)).toBe(true)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(loadKeyring({ file }).open(first.seal('text', 'c'), 'c')).toBe('text')
})

test('a key file that others may read is refused', () => {
  const file = join(folder(), 'keys.json')
  loadKeyring({ file })
  chmodSync(file, 0o640)
  expect(() => loadKeyring({ file })).toThrow(expect.objectContaining({ code: 'KEY_FILE_READABLE_BY_OTHERS' }))
})

test('keys come from the environment as JSON or base64, and then no file is made', () => {
  const source = join(folder(), 'keys.json')
  const sealed = loadKeyring({ file: source }).seal('text', 'c')
  const json = readFileSync(source, 'utf8')
  const unused = join(folder(), 'keys.json')
  for (const value of [json, Buffer.from(json).toString('base64')]) {
    expect(loadKeyring({ file: unused, value }).open(sealed, 'c')).toBe('text')
  }
  expect(existsSync(unused)).toBe(false)
})

test.each(['', '{', '{}', '{"format":1,"dataKeys":[]}', 'bm90IGpzb24='])('keys of the form %j are refused', (value) => {
  if (value === '') return
  expect(() => loadKeyring({ file: '/nonexistent/keys.json', value })).toThrow(expect.objectContaining({ code: 'KEY_FILE_INVALID' }))
})
