import { z } from 'zod'
import { DrainLine, LineQualityView, RegionQualityView } from '@loopline/contracts/line-quality'
import type { Http } from '@loopline/http/create-http'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { drainLine, viewQuality } from './view-quality.ts'

const Params = z.object({ lineId: z.uuid().transform((id) => id as LineId) })

export function qualityRoutes(app: Http, dialer: Dialer): void {
  app.get('/lines/quality', { schema: { response: { 200: z.object({ items: z.array(LineQualityView) }) } }, config: { may: 'line:read' } },
    async () => ({ items: viewQuality(dialer) }))

  app.post('/lines/:lineId/drain', { schema: { params: Params, body: DrainLine, response: { 200: z.object({ drain: z.boolean() }) } }, config: { may: 'line:edit' } }, async (request) => {
    await drainLine(dialer, request.identity, request.params.lineId, request.body.drain)
    return { drain: request.body.drain }
  })

  app.get('/lines/:lineId/quality', { schema: { params: Params, response: { 200: z.object({ items: z.array(RegionQualityView) }) } }, config: { may: 'line:read' } }, async (request) => {
    const { lineId } = request.params
    if (!dialer.lines.get(lineId)) throw failed('LINE_NOT_FOUND', { lineId })
    return { items: dialer.quality.byRegion(lineId) }
  })
}
