/**
 * Asks which addresses a host name has. Not by the system's resolver: that shares four threads with all file access, and one
 * DNS server that says nothing would stop the journal (reliability.md F23).
 */
import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'

/** `name-unknown`: DNS says that there is no such name or no address of it. `dns-failed`: it cannot say. `dns-timeout`: it says nothing. */
export type NameFailure = 'name-unknown' | 'dns-failed' | 'dns-timeout'

export type NameAnswer =
  /** At least one, in the order of the answer. */
  | { readonly kind: 'found'; readonly addresses: readonly string[]; readonly ttlMs: number }
  | { readonly kind: 'failed'; readonly failure: NameFailure }

const ANSWER_WITHIN_MS = 2_000
const TRIES = 2
const HOSTS_FILE = process.platform === 'win32' ? String.raw`C:\Windows\System32\drivers\etc\hosts` : '/etc/hosts'
const HOSTS_TTL_MS = 60_000

export class NameResolver {
  readonly #resolver = new Resolver({ timeout: ANSWER_WITHIN_MS, tries: TRIES })

  /** @param servers `address` or `address:port`; none: those of the system. */
  constructor(servers: readonly string[]) {
    if (servers.length > 0) this.#resolver.setServers(servers)
  }

  /** Never rejects. What the machine's hosts file says counts first. */
  async resolve(name: string): Promise<NameAnswer> {
    const known = hostsOf(await readFile(HOSTS_FILE, 'utf8').catch(() => ''), name)
    if (known.length > 0) return { kind: 'found', addresses: known, ttlMs: HOSTS_TTL_MS }
    try {
      const records = (await this.#resolver.resolve4(name, { ttl: true })).filter(({ address }) => isReachable(address))
      if (records.length === 0) return { kind: 'failed', failure: 'name-unknown' }
      return { kind: 'found', addresses: records.map(({ address }) => address), ttlMs: 1_000 * Math.min(...records.map(({ ttl }) => ttl)) }
    } catch (error) {
      return { kind: 'failed', failure: failureOf((error as NodeJS.ErrnoException).code) }
    }
  }

  close(): void {
    this.#resolver.cancel()
  }
}

function hostsOf(file: string, name: string): string[] {
  return file.split('\n').flatMap((line) => {
    const [address = '', ...names] = (line.split('#')[0] as string).trim().split(/\s+/)
    return isIPv4(address) && names.some((each) => each.toLowerCase() === name.toLowerCase()) ? [address] : []
  })
}

/** Nobody is at 0.0.0.0 or at a multicast address, whatever a resolver that blocks names says. */
const isReachable = (address: string): boolean => !address.startsWith('0.') && Number.parseInt(address, 10) < 224

function failureOf(code: string | undefined): NameFailure {
  if (code === 'ENOTFOUND' || code === 'ENODATA') return 'name-unknown'
  return code === 'ETIMEOUT' ? 'dns-timeout' : 'dns-failed'
}
