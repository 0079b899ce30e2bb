/** A certificate that lies in files and is replaced there, by us or by an ACME client, while connections go on (F29). */
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'

export interface CertificateFiles {
  readonly cert: string
  readonly key: string
}

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

/** @throws when a file cannot be read, or the two do not belong together */
export function readCertificate({ cert, key }: CertificateFiles): Certificate {
  const read = { cert: readFileSync(cert), key: readFileSync(key) }
  createSecureContext(read)
  return read
}

/** With the oldest protocol that is still spoken: 1.3 for pages, 1.2 where old desk telephones come. */
export const contextOf = (certificate: Certificate, minVersion: 'TLSv1.3' | 'TLSv1.2'): SecureContext => createSecureContext({ ...certificate, minVersion })

export interface Followed {
  stop(): void
}

export interface Following {
  /** A new certificate that is whole and fits its key. */
  onChanged(certificate: Certificate): void
  /** The files are broken or half replaced: what was read before stays in use. Told once for each state of the files. */
  onFailed(error: unknown): void
  /** Once for each of 30, 7 and 1 days before the end, and after it. */
  onEnding(days: number): void
  /** Unix ms. */
  now(): number
  lookEveryMs?: number
}

const LOOK_EVERY_MS = 5_000
const WARN_DAYS = [30, 7, 1, 0]
const DAY_MS = 86_400_000

/** Looks at the files' times: a rename and an overwriting look alike, on every system and network disk. */
export function followCertificate(files: CertificateFiles, { onChanged, onFailed, onEnding, now, lookEveryMs = LOOK_EVERY_MS }: Following): Followed {
  let seen = stateOf(files)
  let ends = endOf(files)
  let warned = Infinity
  const look = (): void => {
    const state = stateOf(files)
    if (state !== seen) {
      seen = state
      try {
        onChanged(readCertificate(files))
        ends = endOf(files)
        warned = Infinity
      } catch (error) {
        onFailed(error)
      }
    }
    const left = (ends - now()) / DAY_MS
    const step = WARN_DAYS.findLast((days) => left <= days)
    if (step === undefined || step >= warned) return
    warned = step
    onEnding(Math.max(0, Math.floor(left)))
  }
  const timer = setInterval(look, lookEveryMs).unref()
  look()
  return { stop: () => clearInterval(timer) }
}

function stateOf({ cert, key }: CertificateFiles): string {
  return [cert, key].map((file) => {
    const stat = statSync(file, { throwIfNoEntry: false })
    return stat === undefined ? 'missing' : `${stat.ino} ${stat.mtimeMs} ${stat.size}`
  }).join(', ')
}

/** The first certificate of the file is the server's. */
const endOf = ({ cert }: CertificateFiles): number => Date.parse(new X509Certificate(readFileSync(cert)).validTo)
