import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ObjectStoreError, checkName } from './object-store.ts'
import type { ObjectStore } from './object-store.ts'

/** Objects as files under one folder, 0600; a file appears under its name when all of it is written. */
export function openDiskStore(root: string): ObjectStore {
  let serial = 0
  return {
    async put(name, bytes) {
      checkName(name)
      const path = join(root, name)
      const part = join(root, '.parts', `${process.pid}-${(serial += 1)}`)
      try {
        await writeWhole(part, bytes)
        await rename(part, path).catch(async () => {
          await mkdir(dirname(path), { recursive: true, mode: 0o700 })
          await rename(part, path)
        })
      } catch (error) {
        await rm(part, { force: true }).catch(() => undefined)
        throw refusal(error)
      }
    },
    async get(name) {
      checkName(name)
      try {
        return await readFile(join(root, name))
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null
        throw refusal(error)
      }
    },
    async list(folder) {
      checkName(folder)
      try {
        const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
        return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1).replaceAll('\\', '/')).toSorted()
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return []
        throw refusal(error)
      }
    },
    async remove(name) {
      checkName(name)
      await rm(join(root, name), { force: true })
    },
    close: () => Promise.resolve(),
  }
}

/** On disk before it has its name: after a power cut there is the whole object or none. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const write = async (): Promise<void> => {
    const file = await open(path, 'w', 0o600)
    try {
      await file.writeFile(bytes)
      await file.datasync()
    } finally {
      await file.close()
    }
  }
  await write().catch(async (error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await write()
  })
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | null)?.code

function refusal(error: unknown): ObjectStoreError {
  const code = codeOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT' ? new ObjectStoreError('STORE_FULL', 'the disk of the object store is full', error)
    : new ObjectStoreError('STORE_UNREACHABLE', `the object store cannot be used: ${code ?? String(error)}`, error)
}
