import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObjectStore } from './object-store.ts'

/** What every object store must do. */
export function objectStoreContract(name: string, open: () => Promise<ObjectStore>): void {
  let store: ObjectStore
  beforeAll(async () => { store = await open() })
  afterAll(() => store.close())

  test(`${name}: what is put is there, whole, under its name only`, async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index & 0xff)
    await store.put('a/one', bytes)
    expect(Buffer.compare(Buffer.from((await store.get('a/one')) as Uint8Array), Buffer.from(bytes))).toBe(0)
    expect(await store.get('a/two')).toBeNull()
  })

  test(`${name}: the newest put wins, also of fifty at once`, async () => {
    await store.put('b/same', Uint8Array.of(1))
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.put(`b/many-${String(index).padStart(2, '0')}`, Uint8Array.of(index))))
    await store.put('b/same', Uint8Array.of(2))
    expect([...((await store.get('b/same')) as Uint8Array)]).toEqual([2])
    expect(await store.list('b')).toEqual([...Array.from({ length: 50 }, (_, index) => `b/many-${String(index).padStart(2, '0')}`), 'b/same'])
  })

  test(`${name}: a folder lists its own, and nothing of a folder whose name begins alike`, async () => {
    await store.put('c/x', Uint8Array.of(1))
    await store.put('c1/y', Uint8Array.of(1))
    expect(await store.list('c')).toEqual(['c/x'])
    expect(await store.list('nowhere')).toEqual([])
  })

  test(`${name}: what is removed is gone, twice is no error`, async () => {
    await store.put('d/gone', Uint8Array.of(1))
    await store.remove('d/gone')
    await store.remove('d/gone')
    expect(await store.get('d/gone')).toBeNull()
  })

  for (const hostile of ['../up', 'a/../../b', '/root', 'a//b', 'a/.hidden', 'UPPER', 'a\0b', '', 'a/'.repeat(300)]) {
    test(`${name}: refuses the name ${JSON.stringify(hostile.slice(0, 20))}`, () => expect(store.put(hostile, Uint8Array.of(1))).rejects.toMatchObject({ code: 'NAME_REFUSED' }))
  }
}
