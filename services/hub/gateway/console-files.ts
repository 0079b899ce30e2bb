import { createHash } from 'node:crypto'
import { readFile, readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { failed } from '@loopline/http/coded-error'
import type { Http } from '@loopline/http/create-http'

interface ConsoleFile {
  type: string
  body: Buffer
  zipped: Buffer | null
  etag: string
  /** Names with a content hash never change. */
  immutable: boolean
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8', '.png': 'image/png', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.webmanifest': 'application/manifest+json',
}
const ZIPPED = new Set(['.html', '.js', '.css', '.svg', '.json'])

const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Loopline</title><p>The console is not built: run <code>npm run build</code>. The API is at <a href="/api/openapi.json">/api/openapi.json</a>.</p>`

/** The built console from memory; a path that is no file is a page of the console and gets index.html. */
export async function consoleRoutes(app: Http, folder: string): Promise<void> {
  const files = folder === '' ? new Map<string, ConsoleFile>() : await readFolder(folder)
  const index = files.get('/index.html') ?? (await fileOf('.html', Buffer.from(NOT_BUILT), false))

  app.get('/*', { schema: { hide: true }, config: { public: 'the console itself holds no data; it signs in first' } }, async (request, reply) => {
    const path = request.url.split('?')[0] as string
    if (path.startsWith('/api/') || path.startsWith('/internal')) throw failed('NOT_FOUND')
    const file = files.get(path) ?? (extname(path) === '' ? index : null)
    if (!file) throw failed('NOT_FOUND')
    void reply.header('etag', file.etag).header('vary', 'accept-encoding')
    void reply.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
    void reply.type(file.type)
    const zip = file.zipped !== null && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
    if (zip) void reply.header('content-encoding', 'gzip')
    return reply.send(zip ? file.zipped : file.body)
  })
}

async function readFolder(folder: string): Promise<Map<string, ConsoleFile>> {
  if (!(await stat(join(folder, 'index.html')).catch(() => null))) return new Map()
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = await Promise.all(entries.filter((entry) => entry.isFile()).map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const url = path.slice(folder.length).replaceAll('\\', '/')
    return [url.startsWith('/') ? url : `/${url}`, await fileOf(extname(entry.name), await readFile(path), url.includes('assets/'))] as const
  }))
  return new Map(files)
}

async function fileOf(extension: string, body: Buffer, immutable: boolean): Promise<ConsoleFile> {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  const zipped = ZIPPED.has(extension) && body.length > 1_024 ? await promisify(gzip)(body) : null
  return { type: TYPES[extension] ?? 'application/octet-stream', body, zipped, etag, immutable }
}
