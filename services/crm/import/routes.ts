import { Readable } from 'node:stream'
import multipart from '@fastify/multipart'
import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import { ImportPreview, ImportView } from '@loopline/contracts/import'
import { pageOf } from '@loopline/contracts/page'
import type { ImportDeps } from './import-deps.ts'
import { previewImport } from './preview-import.ts'
import { readErrors } from './read-errors.ts'
import { listImports, startImport, viewImport } from './start-import.ts'

const OneImport = z.object({ importId: z.uuid() })
/** A large file over a slow line. */
const UPLOAD_TIMEOUT_MS = 3_600_000

export async function importRoutes(app: Http, deps: ImportDeps): Promise<void> {
  await app.register(multipart, { throwFileSizeLimit: false })
  const config = { may: 'customer:import' }
  const upload = { config, handlerTimeout: UPLOAD_TIMEOUT_MS, bodyLimit: deps.fileBytesMax + 1_000_000 }

  app.post('/imports/preview', { ...upload, schema: { response: { 200: ImportPreview } } }, (request) => previewImport(deps, request))

  app.post('/imports', { ...upload, schema: { response: { 202: ImportView } } },
    async (request, reply) => reply.code(202).send(await startImport(deps, request)))

  app.get('/imports', { schema: { response: { 200: pageOf(ImportView) } }, config }, () => listImports(deps))

  app.get('/imports/:importId', { schema: { params: OneImport, response: { 200: ImportView } }, config },
    (request) => viewImport(deps, request.params.importId))

  app.get('/imports/:importId/errors', { schema: { params: OneImport }, config }, async (request, reply) =>
    reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="import-errors.csv"')
      .send(Readable.from(await readErrors(deps, request.params.importId), { objectMode: false })))
}
