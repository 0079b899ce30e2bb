import type { IncomingHttpHeaders } from 'node:http'
import type { ServerNames } from '@loopline/tls/server-names'
import { hubError } from '../errors.ts'

/** The origins of our own pages: where the gateway listens, and the public address when a proxy stands in front. */
export interface Origins {
  /** Where the gateway is reached from now on; what was said before no longer counts. */
  listen(origins: readonly string[]): void
  list(): string[]
  /** @throws CodedError ORIGIN_REFUSED unless the request comes from one of our pages */
  assertOwn(request: { headers: IncomingHttpHeaders }): void
}

export function createOrigins(publicUrl: string): Origins {
  const announced = publicUrl === '' ? [] : [new URL(publicUrl).origin]
  let known = new Set<string>(announced)
  return {
    listen: (origins) => { known = new Set([...announced, ...origins]) },
    list: () => [...known],
    assertOwn({ headers }) {
      if (headers.origin === undefined || !known.has(headers.origin)) throw hubError('ORIGIN_REFUSED')
    },
  }
}

/** The addresses under which a browser on this machine, or one that names the host, reaches the gateway. */
export function originsOf(host: string, port: number): string[] {
  const names = host === '127.0.0.1' || host === '0.0.0.0' || host === '::1' ? ['127.0.0.1', 'localhost'] : [host]
  return names.map((name) => originOf('http', name, port))
}

/**
 * With a certificate its names are the addresses: a page under any other name could not have come by TLS from here. Those
 * that others reach come first, unless we listen for this machine alone.
 */
export function originsOfNames({ dns, ip }: ServerNames, { host, port }: { host: string; port: number }): string[] {
  const names = [...ip, ...dns]
  const [own, others] = [names.filter(isLoopback), names.filter((name) => !isLoopback(name))]
  return (isLoopback(host) ? [...own, ...others] : [...others, ...own]).map((name) => originOf('https', name, port))
}

const isLoopback = (name: string): boolean => name === 'localhost' || name === '127.0.0.1' || name === '::1'

/** As a browser writes it: brackets around IPv6, no port where it is the scheme's. */
const originOf = (scheme: 'http' | 'https', name: string, port: number): string => new URL(`${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`).origin

/** Requests that change nothing need no origin: a browser does not show their answer to another page. */
export const changesState = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)
