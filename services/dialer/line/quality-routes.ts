import { z } from 'zod'
import { LineQualityView, RegionQualityView } from '@loopline/contracts/line-quality'
import type { Http } from '@loopline/http/create-http'
import type { LineId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'

const Params = z.object({ lineId: z.uuid().transform((id) => id as LineId) })

export function qualityRoutes(app: Http, dialer: Dialer): void {
  app.get('/lines/quality', { schema: { response: { 200: z.object({ items: z.array(LineQualityView) }) } }, config: { may: 'line:read' } },
    async () => ({ items: dialer.lines.all().map(({ row: { lineId } }) => ({ lineId, ...dialer.quality.of(lineId) })) }))

  app.get('/lines/:lineId/quality', { schema: { params: Params, response: { 200: z.object({ items: z.array(RegionQualityView) }) } }, config: { may: 'line:read' } }, async (request) => {
    const { lineId } = request.params
    if (!dialer.lines.get(lineId)) throw failed('LINE_NOT_FOUND', { lineId })
    return { items: dialer.quality.byRegion(lineId) }
  })
}
