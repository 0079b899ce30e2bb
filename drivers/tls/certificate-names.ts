/** Reads for which names a certificate stands. */
import { X509Certificate } from 'node:crypto'
import type { ServerNames } from './server-names.ts'

/** Of its subjectAltName; wildcards are left out, for nobody is reached by one. @throws when `pem` is no certificate */
export function namesOf(pem: string | Buffer): ServerNames {
  const stated = (new X509Certificate(pem).subjectAltName ?? '').split(', ')
  const of = (kind: string): string[] => stated.filter((each) => each.startsWith(kind)).map((each) => each.slice(kind.length))
  return { dns: of('DNS:').filter((name) => !name.includes('*')), ip: of('IP Address:').map(shortAddress) }
}

/** OpenSSL writes `0:0:0:0:0:0:0:1`, a browser's address bar `::1`. */
const shortAddress = (address: string): string => (address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address)
