import { z } from 'zod'
import { LiveQuality } from '@loopline/contracts/live'
import type { Http } from '@loopline/http/create-http'
import type { LivePush } from './live-push.ts'

/** What is shown live and not worth an event. */
export function internalLiveRoutes(app: Http, live: Pick<LivePush, 'sounds'>): void {
  app.post('/internal/live/quality', { schema: { body: LiveQuality, response: { 204: z.null() } }, config: { may: 'service:call' } }, async (request, reply) => {
    live.sounds(request.body)
    return reply.code(204).send(null)
  })
}
