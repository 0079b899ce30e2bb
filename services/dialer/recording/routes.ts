import { z } from 'zod'
import { LegalHold, RecordingPage, RecordingQuery, RecordingView, VerifiedRecordings, VerifyRecordings } from '@loopline/contracts/recording'
import type { Http } from '@loopline/http/create-http'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { holdRecording } from './hold-recording.ts'
import { pageOfRecordings } from './list-recordings.ts'
import { listen } from './listen.ts'
import { verifyPage } from './verify-recordings.ts'
import { viewRecording } from './view-recording.ts'

const Download = z.object({ download: z.enum(['0', '1']).optional() })
const Params = z.object({ attemptId: z.uuid().transform((id) => id as AttemptId) })

/** A page of twenty long recordings from a slow store. */
const VERIFY_WITHIN_MS = 300_000

export function recordingRoutes(app: Http, dialer: Dialer, settings: { verifyDays: number }): void {
  app.get('/recordings', { schema: { querystring: RecordingQuery, response: { 200: RecordingPage } }, config: { may: 'recording:listen' } },
    (request) => pageOfRecordings(dialer, { identity: request.identity, scope: request.scope }, request.query))

  app.post('/recordings/verify', { schema: { body: VerifyRecordings, response: { 200: VerifiedRecordings } }, config: { may: 'recording:verify' }, handlerTimeout: VERIFY_WITHIN_MS },
    (request) => verifyPage(dialer, request.identity, { ...request.body, everyDays: settings.verifyDays }))

  app.put('/recordings/:attemptId/hold', { schema: { params: Params, body: LegalHold, response: { 200: RecordingView } }, config: { may: 'recording:hold' } },
    (request) => holdRecording(dialer, { identity: request.identity, scope: request.scope }, request.params.attemptId, request.body))

  app.get('/recordings/:attemptId', { schema: { params: Params, response: { 200: RecordingView } }, config: { may: 'recording:listen' } },
    (request) => viewRecording(dialer, { identity: request.identity, scope: request.scope }, request.params.attemptId))

  app.get('/recordings/:attemptId/audio.wav', { schema: { params: Params, querystring: Download }, config: { may: 'recording:listen' } }, async (request, reply) => {
    const { status, headers, body } = await listen(dialer, { identity: request.identity, scope: request.scope }, request.params.attemptId, { range: request.headers.range, download: request.query.download === '1' })
    return reply.code(status).headers(headers).send(body)
  })
}
