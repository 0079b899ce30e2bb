import { createHash } from 'node:crypto'
import { chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, parse, resolve } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'

/** Who the server runs as: `undefined` means whoever we are. PostgreSQL refuses to run as root. */
export interface ServerUser {
  uid: number
  gid: number
}

/** The folder of one embedded server and the user it runs as. */
export interface Home {
  folder: string
  user: ServerUser | undefined
}

/** Where root keeps servers and binaries whose user could not reach the checkout (one under /root, say). */
const ROOT_STORE = '/var/lib/loopline'

/**
 * Decides where an embedded server lives and as whom it runs, and makes the folder (0700).
 * Root steps down to the owner of the wanted folder, so that one `sudo` run does not lock the owner out; where root
 * owns it, to `nobody`. A folder that user cannot reach is replaced by one under /var/lib/loopline.
 *
 * @throws EmbeddedError EMBEDDED_NOT_OURS when the folder belongs to another user.
 */
export async function prepareHome(wanted: string): Promise<Home> {
  const user = await serverUser(wanted)
  const folder = user && !(await canReach(dirname(wanted), user)) ? substituteFor(wanted) : wanted
  // Only the home itself is closed: the server's user must be able to walk down to it.
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (user) await chown(folder, user.uid, user.gid)
  const owner = (await stat(folder)).uid
  if (!user && process.getuid && owner !== process.getuid()) {
    throw new EmbeddedError('EMBEDDED_NOT_OURS', `${folder} belongs to user ${owner}; run as that user or as root, or delete the folder.`)
  }
  return { folder, user }
}

/** Writes a file of the home, 0600 and the server user's: root today and the owner tomorrow both can use it. */
export async function writeInHome(home: Home, name: string, text: string): Promise<void> {
  const file = join(home.folder, name)
  await writeFile(file, text, { mode: 0o600 })
  if (home.user) await chown(file, home.user.uid, home.user.gid)
}

/** Where binaries are copied to when the installed ones cannot be used. */
export function binariesStore(home: Home, version: string): string {
  return home.user ? join(ROOT_STORE, `postgresql-${version}`) : join(dirname(home.folder), `postgresql-${version}`)
}

/** Whether the user may enter every folder on the way to the path (mode bits only; ACLs are not looked at). */
export async function canReach(path: string, user: ServerUser | undefined): Promise<boolean> {
  if (!user) return true
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const entry = await stat(folder).catch(() => undefined)
    if (entry && !mayEnter(entry, user)) return false
    if (folder === parse(folder).root) return true
  }
}

function mayEnter(entry: { mode: number; uid: number; gid: number }, user: ServerUser): boolean {
  if (entry.uid === user.uid) return (entry.mode & 0o100) !== 0
  if (entry.gid === user.gid) return (entry.mode & 0o010) !== 0
  return (entry.mode & 0o001) !== 0
}

function substituteFor(wanted: string): string {
  return join(ROOT_STORE, createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16))
}

async function serverUser(wanted: string): Promise<ServerUser | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await nearestOwner(wanted)
  return owner.uid === 0 ? nobody() : owner
}

async function nearestOwner(path: string): Promise<ServerUser> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const entry = await stat(folder).catch(() => undefined)
    if (entry) return { uid: entry.uid, gid: entry.gid }
  }
}

async function nobody(): Promise<ServerUser> {
  const line = /^nobody:[^:]*:(\d+):(\d+):/m.exec(await readFile('/etc/passwd', 'utf8'))
  if (!line) throw new EmbeddedError('EMBEDDED_FAILED', 'PostgreSQL does not run as root and there is no user `nobody`; start as an ordinary user.')
  return { uid: Number(line[1]), gid: Number(line[2]) }
}
