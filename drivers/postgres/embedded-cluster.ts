import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import { writeInHome } from './embedded-home.ts'
import type { Home } from './embedded-home.ts'

/** The role that owns the server; the product itself connects as an ordinary role. */
export const SUPERUSER = 'postgres'

/** The data folder of a home. */
export const clusterOf = (home: Home): string => join(home.folder, 'cluster')

/**
 * Makes the data folder unless it is there: UTF-8, the built-in C.UTF-8 collation (the same order on every system, no
 * ICU or libc version to differ), checksums, SCRAM. Built beside and renamed: it is whole or absent.
 */
export async function prepareCluster(home: Home, binaries: string): Promise<void> {
  const cluster = clusterOf(home)
  if (await exists(join(cluster, 'PG_VERSION'))) return
  const unfinished = `${cluster}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await initdb(home, binaries, unfinished)
  await rename(unfinished, cluster)
}

/** A secret kept in the home, made on first use: 0600 and the server user's, for initdb runs as that user. */
export async function secretOf(home: Home, name: string): Promise<string> {
  const known = await readFile(join(home.folder, name), 'utf8').catch(() => undefined)
  if (known) return known
  const secret = randomBytes(24).toString('base64url')
  await writeInHome(home, name, secret)
  return secret
}

async function initdb(home: Home, binaries: string, cluster: string): Promise<void> {
  await secretOf(home, 'superuser.password')
  const options = [
    `--pgdata=${cluster}`, `--username=${SUPERUSER}`, `--pwfile=${join(home.folder, 'superuser.password')}`,
    '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    '--data-checksums', '--no-instructions',
  ]
  const child = spawn(join(binaries, 'bin', 'initdb'), options, { ...home.user, cwd: home.folder, env: { TZ: 'UTC' }, windowsHide: true })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  const code = await new Promise((done, fail) => child.once('close', done).once('error', fail))
  if (code !== 0) throw new EmbeddedError('EMBEDDED_FAILED', `initdb failed in ${home.folder}: ${said.trim().slice(-800)}`)
}

function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false)
}
