import { z } from 'zod'
import { RecordingView } from '@loopline/contracts/recording'
import type { Http } from '@loopline/http/create-http'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { listen } from './listen.ts'
import { viewRecording } from './view-recording.ts'

const Download = z.object({ download: z.enum(['0', '1']).optional() })
const Params = z.object({ attemptId: z.uuid().transform((id) => id as AttemptId) })

export function recordingRoutes(app: Http, dialer: Dialer): void {
  app.get('/recordings/:attemptId', { schema: { params: Params, response: { 200: RecordingView } }, config: { may: 'recording:listen' } },
    (request) => viewRecording(dialer, { identity: request.identity, scope: request.scope }, request.params.attemptId))

  app.get('/recordings/:attemptId/audio.wav', { schema: { params: Params, querystring: Download }, config: { may: 'recording:listen' } }, async (request, reply) => {
    const { status, headers, body } = await listen(dialer, { identity: request.identity, scope: request.scope }, request.params.attemptId, { range: request.headers.range, download: request.query.download === '1' })
    return reply.code(status).headers(headers).send(body)
  })
}
