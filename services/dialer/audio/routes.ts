import { z } from 'zod'
import { AudioList, AudioView, UploadAudio } from '@loopline/contracts/audio'
import type { Http } from '@loopline/http/create-http'
import type { Dialer } from '../dialer.ts'
import { listAudios, removeAudio, soundOf, uploadAudio } from './audios.ts'

const Params = z.object({ audioId: z.uuid() })
/** Two minutes of two channels of 48 kHz and 16 bits. */
const FILE_BYTES_MAX = 24_000_000
const UPLOAD_WITHIN_MS = 300_000

/** The sounds that campaigns play: whoever may edit campaigns may change them. */
export function audioRoutes(app: Http, dialer: Dialer): void {
  app.addContentTypeParser(['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'], { parseAs: 'buffer', bodyLimit: FILE_BYTES_MAX }, (_request, body, done) => done(null, body))

  app.get('/audio', { schema: { response: { 200: AudioList } }, config: { may: 'campaign:read' } }, () => listAudios(dialer))

  app.post('/audio', { schema: { querystring: UploadAudio, response: { 201: AudioView } }, config: { may: 'campaign:edit' }, bodyLimit: FILE_BYTES_MAX, handlerTimeout: UPLOAD_WITHIN_MS },
    async (request, reply) => reply.code(201).send(await uploadAudio(dialer, request.identity, request.query.name, bytesOf(request.body))))

  app.get('/audio/:audioId/sound.wav', { schema: { params: Params }, config: { may: 'campaign:read' } },
    async (request, reply) => reply.header('content-type', 'audio/wav').header('cache-control', 'no-store').send(await soundOf(dialer, request.params.audioId)))

  app.delete('/audio/:audioId', { schema: { params: Params, response: { 200: Params } }, config: { may: 'campaign:edit' } },
    (request) => removeAudio(dialer, request.identity, request.params.audioId))
}

/** What was sent as something else than a sound is no sound. */
const bytesOf = (body: unknown): Uint8Array => (Buffer.isBuffer(body) ? body : new Uint8Array())
