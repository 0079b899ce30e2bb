/** Speaks to one service of an installation as another service would: past the gateway, with a token of its keys. */
import { join } from 'node:path'
import { loadKeyring } from '@loopline/keys/keyring'
import { serviceToken } from '@loopline/http/identity-token'
import type { Product } from '@loopline/interop/product'

export interface Service {
  call<Answer>(method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }>
  /** The same with a body that is no JSON. @throws when it is refused. */
  send<Answer>(method: string, path: string, body: Uint8Array, type: string): Promise<{ body: Answer }>
}

export function serviceOf(product: Product, child: 'crm' | 'dialer'): Service {
  const address = String(product.run().children.find(({ name }) => name === child)?.told[child])
  const key = loadKeyring({ file: join(product.home, 'keys.json') }).signingKey('identity')
  let token = { text: '', until: 0 }
  const fresh = async (): Promise<string> => {
    if (Date.now() > token.until) token = { text: await serviceToken(key, 'bench'), until: Date.now() + 30_000 }
    return token.text
  }
  return {
    async send<Answer>(method: string, path: string, body: Uint8Array, type: string) {
      const response = await fetch(`${address}${path}`, { method, headers: { authorization: `Bearer ${await fresh()}`, 'content-type': type }, body: new Uint8Array(body) })
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return { body: (await response.json()) as Answer }
    },
    async call<Answer>(method: string, path: string, body?: unknown) {
      const response = await fetch(`${address}${path}`, {
        method, headers: { authorization: `Bearer ${await fresh()}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: (await response.json()) as Answer }
    },
  }
}
