import { z } from 'zod'
import {
  CreateDncList, DNC_PIECE_BYTES_MAX, DncChanged, DncHits, DncImportView, DncListView, DncLists, DncNumber, DncPiece, DncSearch, RemoveDncList, StartDncImport,
} from '@loopline/contracts/dnc'
import type { Http } from '@loopline/http/create-http'
import type { Dialer } from '../dialer.ts'
import { importFaults, startImport, takePiece, viewImport } from './import-numbers.ts'
import { addNumber, createList, removeList, removeNumber, searchNumber, viewLists } from './lists.ts'

const OneList = z.object({ listId: z.uuid() })
const OneImport = z.object({ importId: z.uuid() })
/** 4 MiB are about 300,000 numbers. */
const PIECE_WITHIN_MS = 300_000
const READ = { may: 'dnc:read' }
const EDIT = { may: 'dnc:edit' }

/** Do-not-call lists: our own, campaigns', copies of registries. */
export function dncRoutes(app: Http, dialer: Dialer): void {
  app.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit: DNC_PIECE_BYTES_MAX }, (_request, body, done) => done(null, body))

  app.get('/dnc/lists', { schema: { response: { 200: DncLists } }, config: READ }, () => viewLists(dialer))

  app.post('/dnc/lists', { schema: { body: CreateDncList, response: { 201: DncListView } }, config: EDIT },
    async (request, reply) => reply.code(201).send(await createList(dialer, request.identity, request.body)))

  app.post('/dnc/lists/:listId/remove', { schema: { params: OneList, body: RemoveDncList, response: { 200: OneList } }, config: EDIT },
    (request) => removeList(dialer, request.identity, request.params.listId, request.body.reason))

  app.post('/dnc/lists/:listId/numbers', { schema: { params: OneList, body: DncNumber, response: { 200: DncChanged } }, config: EDIT },
    (request) => addNumber(dialer, request.identity, request.params.listId, request.body))

  app.post('/dnc/lists/:listId/numbers/remove', { schema: { params: OneList, body: DncNumber, response: { 200: DncChanged } }, config: EDIT },
    (request) => removeNumber(dialer, request.identity, request.params.listId, request.body))

  app.post('/dnc/search', { schema: { body: DncSearch, response: { 200: DncHits } }, config: READ }, (request) => searchNumber(dialer, request.body.phone))

  app.post('/dnc/lists/:listId/imports', { schema: { params: OneList, body: StartDncImport, response: { 201: DncImportView } }, config: EDIT },
    async (request, reply) => reply.code(201).send(await startImport(dialer, request.identity, request.params.listId, request.body)))

  app.put('/dnc/imports/:importId/piece', {
    schema: { params: OneImport, querystring: DncPiece, response: { 200: DncImportView } }, config: EDIT, bodyLimit: DNC_PIECE_BYTES_MAX, handlerTimeout: PIECE_WITHIN_MS,
  }, (request) => takePiece(dialer, request.params.importId, { offset: request.query.offset, isLast: request.query.last === 'true' }, bytesOf(request.body)))

  app.get('/dnc/imports/:importId', { schema: { params: OneImport, response: { 200: DncImportView } }, config: READ }, (request) => viewImport(dialer, request.params.importId))

  app.get('/dnc/imports/:importId/errors', { schema: { params: OneImport }, config: READ }, async (request, reply) =>
    reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="dnc-import-errors.csv"').send(await importFaults(dialer, request.params.importId)))
}

const bytesOf = (body: unknown): Buffer => (Buffer.isBuffer(body) ? body : Buffer.alloc(0))
