import { z } from 'zod'
import { RecordingView } from '@loopline/contracts/recording'
import type { Http } from '@loopline/http/create-http'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { viewRecording } from './view-recording.ts'

const Params = z.object({ attemptId: z.uuid().transform((id) => id as AttemptId) })

export function recordingRoutes(app: Http, dialer: Dialer): void {
  app.get('/recordings/:attemptId', { schema: { params: Params, response: { 200: RecordingView } }, config: { may: 'recording:listen' } },
    (request) => viewRecording(dialer, { identity: request.identity, scope: request.scope }, request.params.attemptId))
}
