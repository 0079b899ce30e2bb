/**
 * Keeps an installation's own certificate: made at the first start, made anew when the machine's names or addresses have
 * changed or when it would soon end. Readers see a whole file at every instant (a rename), whatever is killed when.
 */
import { X509Certificate } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createAuthority, issue, maySignFor, type KeyPair } from './certificate-authority.ts'
import { namesOf } from './certificate-names.ts'
import type { ServerNames } from './server-names.ts'

export interface InstallationCertificate {
  /** Key and certificate in one file, 0600, for both TLS_CERT and TLS_KEY: they can never be of two makings. */
  readonly file: string
  /** The authority's certificate, for people to trust. */
  readonly authorityFile: string
  /** SHA-256 of the authority's certificate, upper-case hex with colons, to compare before trusting. */
  readonly authorityFingerprint: string
  /** Names and addresses that it states now. */
  names(): ServerNames
  stop(): void
}

export interface CertificateKeeping {
  folder: string
  /** Asked again at each look. */
  names(): ServerNames
  /** Unix ms. */
  now(): number
  onRenewed(why: RenewalReason): void
  /** It could not be renewed; the next look tries again. */
  onFailed(error: unknown): void
  lookEveryMs?: number
}

/** `authority`: it may not sign for a new name, or ends soon; people have to trust the new one. */
export type RenewalReason = 'names' | 'age' | 'authority'

/** A third of its life is left: months in which a machine may be switched off. */
const RENEW_BEFORE_MS = 30 * 86_400_000
const LOOK_EVERY_MS = 10_000

/** Resolves when the files are there and good. @throws when the folder cannot be written, or holds an authority that cannot be read */
export async function keepCertificate({ folder, names, now, onRenewed, onFailed, lookEveryMs = LOOK_EVERY_MS }: CertificateKeeping): Promise<InstallationCertificate> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = { authority: join(folder, 'authority.pem'), public: join(folder, 'ca.crt'), server: join(folder, 'server.pem') }
  let current = await renew(files, names(), now())
  let looking = false
  const look = async (): Promise<void> => {
    const wanted = names()
    if (looking || whyRenew(current, wanted, now()) === null) return
    looking = true
    try {
      current = await renew(files, wanted, now())
      if (current.why !== null) onRenewed(current.why)
    } catch (error) {
      onFailed(error)
    } finally {
      looking = false
    }
  }
  const timer = setInterval(() => void look(), lookEveryMs).unref()
  return {
    file: files.server,
    authorityFile: files.public,
    get authorityFingerprint() {
      return new X509Certificate(current.authority).fingerprint256
    },
    names: () => namesOf(current.server),
    stop: () => clearInterval(timer),
  }
}

interface Current {
  authority: string
  server: string
  /** Why it was made in this turn; null when it was good. */
  why: RenewalReason | null
}

type Files = Readonly<Record<'authority' | 'public' | 'server', string>>

/** What is there, or what is made because it is missing, too old or for other names. */
async function renew(files: Files, names: ServerNames, now: number): Promise<Current> {
  const known = readPair(files.authority)
  const isUsable = known !== null && !endsSoon(known.certificate, now) && maySignFor(known.certificate, names)
  const authority = isUsable ? known : await createAuthority(names, now)
  if (!isUsable) replace(files.authority, authority.key + authority.certificate, 0o600)
  replace(files.public, authority.certificate, 0o644)
  const server = readPair(files.server)
  if (server !== null && isUsable && isOf(server.certificate, authority.certificate)) {
    const why = whyRenew({ authority: authority.certificate, server: server.certificate }, names, now)
    if (why === null) return { authority: authority.certificate, server: server.certificate, why }
  }
  const made = await issue(authority, names, now)
  replace(files.server, made.key + made.certificate, 0o600)
  const why = !isUsable ? 'authority' : server !== null && endsSoon(server.certificate, now) ? 'age' : 'names'
  return { authority: authority.certificate, server: made.certificate, why }
}

function whyRenew({ authority, server }: Pick<Current, 'authority' | 'server'>, wanted: ServerNames, now: number): RenewalReason | null {
  if (endsSoon(authority, now) || !maySignFor(authority, wanted)) return 'authority'
  if (endsSoon(server, now)) return 'age'
  const stated = namesOf(server)
  return isSame(stated.dns, wanted.dns) && isSame(stated.ip, wanted.ip) ? null : 'names'
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((each) => b.includes(each))

const endsSoon = (certificate: string, now: number): boolean => Date.parse(new X509Certificate(certificate).validTo) - now < RENEW_BEFORE_MS

function isOf(certificate: string, authority: string): boolean {
  const by = new X509Certificate(authority)
  const each = new X509Certificate(certificate)
  return each.checkIssued(by) && each.verify(by.publicKey)
}

/** Key and certificate of one file; null when there is none. @throws when it is there and cannot be read */
function readPair(file: string): KeyPair | null {
  const text = read(file)
  if (text === null) return null
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n/.exec(text)?.[0]
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(text)?.[0]
  if (key === undefined || certificate === undefined) throw new Error(`${file} holds no key and certificate; remove it and another is made, which everybody has to trust anew`)
  return { key, certificate }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function replace(file: string, text: string, mode: number): void {
  const next = `${file}.next`
  const descriptor = openSync(next, 'w', mode)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(next, file)
}
