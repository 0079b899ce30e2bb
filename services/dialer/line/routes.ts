import { z } from 'zod'
import { CreateLine, EditLine, LineProbed, LineView } from '@loopline/contracts/line'
import type { Http } from '@loopline/http/create-http'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { createLine, editLine, viewLines } from './manage-lines.ts'
import { probeLine } from './probe-line.ts'

const Params = z.object({ lineId: z.uuid().transform((id) => id as LineId) })

export function lineRoutes(app: Http, dialer: Dialer): void {
  app.get('/lines', { schema: { response: { 200: z.object({ items: z.array(LineView) }) } }, config: { may: 'line:read' } },
    async () => ({ items: await viewLines(dialer) }))

  app.post('/lines', { schema: { body: CreateLine, response: { 201: LineView } }, config: { may: 'line:edit' } },
    async (request, reply) => reply.code(201).send(await createLine(dialer, request.identity, request.body)))

  app.patch('/lines/:lineId', { schema: { params: Params, body: EditLine, response: { 200: LineView } }, config: { may: 'line:edit' } },
    (request) => editLine(dialer, request.identity, request.params.lineId, request.body))

  app.post('/lines/:lineId/probe', { schema: { params: Params, response: { 200: LineProbed } }, config: { may: 'line:edit' } },
    (request) => probeLine(dialer, request.params.lineId))
}
