import type { Http } from '@loopline/http/create-http'

/** As much of an OpenAPI 3.1 document as merging needs. */
interface Document {
  openapi: string
  info: unknown
  paths: Record<string, unknown>
  components?: { schemas?: Record<string, unknown>; [kind: string]: unknown }
  [more: string]: unknown
}

const FETCH_TIMEOUT_MS = 3_000

/** One description of everything that is reachable through the gateway, under the addresses it has here. */
export function openApiRoute(app: Http, services: ReadonlyMap<string, string>): void {
  app.get('/api/openapi.json', { schema: { hide: true }, config: { public: 'the description of the interface holds no data' } }, async (_request, reply) => {
    const own = app.swagger() as unknown as Document
    const others = await Promise.all([...services].map(async ([name, address]) => [name, await documentOf(address)] as const))
    return reply.type('application/json').serializer(JSON.stringify).send(merged(own, others))
  })
}

/** The services' documents under their prefixes; a service that is away is left out and named. */
export function merged(own: Document, others: readonly (readonly [string, Document | null])[]): Document {
  const paths = { ...own.paths }
  const schemas = { ...own.components?.schemas }
  const errors: Record<string, unknown> = { ...(own['x-errors'] as object | undefined) }
  for (const [name, document] of others) {
    if (!document) continue
    const prefixed = JSON.parse(JSON.stringify(document).replaceAll('"#/components/schemas/', `"#/components/schemas/${name}.`)) as Document
    for (const [path, item] of Object.entries(prefixed.paths)) {
      if (!path.startsWith('/internal/')) paths[`/api/${name}${path}`] = item
    }
    for (const [schema, body] of Object.entries(prefixed.components?.schemas ?? {})) schemas[`${name}.${schema}`] = body
    Object.assign(errors, document['x-errors'])
  }
  const away = others.filter(([, document]) => !document).map(([name]) => name)
  const info = { title: 'Loopline', version: '0.1.0' }
  return { ...own, info, paths, components: { ...own.components, schemas }, 'x-errors': errors, ...(away.length > 0 ? { 'x-away': away } : {}) }
}

async function documentOf(address: string): Promise<Document | null> {
  try {
    const answer = await fetch(new URL('/openapi.json', address), { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) })
    return answer.ok ? ((await answer.json()) as Document) : null
  } catch {
    return null
  }
}
