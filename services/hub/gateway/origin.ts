import type { IncomingHttpHeaders } from 'node:http'
import { hubError } from '../errors.ts'

/** The origins of our own pages: where the gateway listens, and the public address when a proxy stands in front. */
export interface Origins {
  add(origin: string): void
  list(): string[]
  /** @throws CodedError ORIGIN_REFUSED unless the request comes from one of our pages */
  assertOwn(request: { headers: IncomingHttpHeaders }): void
}

export function createOrigins(publicUrl: string): Origins {
  const known = new Set<string>(publicUrl === '' ? [] : [new URL(publicUrl).origin])
  return {
    add: (origin) => void known.add(origin),
    list: () => [...known],
    assertOwn({ headers }) {
      if (headers.origin === undefined || !known.has(headers.origin)) throw hubError('ORIGIN_REFUSED')
    },
  }
}

/** The addresses under which a browser on this machine, or one that names the host, reaches the gateway. */
export function originsOf(host: string, port: number): string[] {
  const names = host === '127.0.0.1' || host === '0.0.0.0' || host === '::1' ? ['127.0.0.1', 'localhost'] : [host]
  return names.map((name) => `http://${name}:${port}`)
}

/** Requests that change nothing need no origin: a browser does not show their answer to another page. */
export const changesState = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)
