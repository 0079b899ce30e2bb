/** The relay under measurement: our media thread, alone in a process, told of its calls as signalling would tell it. */
import { randomBytes, randomUUID } from 'node:crypto'
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { Media } from '@loopline/voice/media/media'
import { MediaClient } from '@loopline/voice/media/media-client'
import type { AgreedAudio, Endpoint, FromMedia, RemoteMedia } from '@loopline/voice/media/media-messages'
import { takenOf } from '@loopline/voice/media/recorder'
import type { ToRecorder } from '@loopline/voice/media/recorder'
import type { Description } from './rtpengine.ts'

export type ToRelay =
  | { type: 'offer'; call: string; from: Description; srtp: boolean; record: boolean }
  | { type: 'answer'; call: string; from: Description }

export type FromRelay =
  | { type: 'ready' }
  | { type: 'description'; call: string; description: Description }

const { host, calls, rtcpPort } = JSON.parse(process.argv[2] as string) as { host: string; calls: number; rtcpPort: number }

const PROFILE = 'AES_CM_128_HMAC_SHA1_80'
const MASTER_BYTES = 30
const AUDIO: AgreedAudio = { codec: 'PCMA', telephoneEvent: null, ptimeMs: 20, direction: 'sendrecv' }

interface Opened {
  caller: Description
  callerEndpoint: Endpoint
  agentEndpoint: Endpoint
  key: string | null
  record: boolean
}

const opened = new Map<string, Opened>()
const desks: Endpoint[] = []
let client: MediaClient | null = null
const say = (message: FromRelay): void => void process.send?.(message)

const media = new Media({ host, ports: null, calls, desks: calls, signallingThreads: 1, restMs: 1_000, browserPort: 0, silenceMaxMs: 20_000 }, {
  onPorts: ([port]) => {
    if (port) client = new MediaClient(port, { onMessage: sayReady, onLost: () => undefined })
  },
  recorder: takeBlocks,
  onDeath: (error) => { throw error },
})
media.onMessage((message: FromMedia) => {
  if (message.type === 'endpoints') desks.push(...message.endpoints)
  sayReady()
})
await media.start()

/** Takes in what is recorded and throws it away. */
function takeBlocks(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port1.on('message', (message: ToRecorder) => {
    if (message.type === 'blocks') port1.postMessage(...takenOf(message))
  })
  return port2
}

function sayReady(): void {
  if (client !== null && client.free === calls && desks.length === calls) say({ type: 'ready' })
}

process.on('message', (message: ToRelay) => {
  const description = message.type === 'offer' ? offer(message) : answer(message)
  say({ type: 'description', call: message.call, description })
})
process.once('disconnect', () => {
  // A profile is written by a thread that ends by itself.
  void media.stop().then(() => process.exit())
})

function offer({ call, from, srtp, record }: Extract<ToRelay, { type: 'offer' }>): Description {
  const [callerEndpoint, agentEndpoint] = [client?.take() ?? null, desks.shift()]
  if (callerEndpoint === null || agentEndpoint === undefined) throw new Error('no endpoint is free')
  const key = srtp ? randomBytes(MASTER_BYTES).toString('base64') : null
  opened.set(call, { caller: from, callerEndpoint, agentEndpoint, key, record })
  return { host, port: agentEndpoint.port, crypto: key === null ? null : { tag: 1, key } }
}

/** The called side becomes an agent's standing leg, and the call is answered into it at once. */
function answer({ call, from }: Extract<ToRelay, { type: 'answer' }>): Description {
  const { caller, callerEndpoint, agentEndpoint, key, record } = opened.get(call) as Opened
  const [agentId, attemptId] = [randomUUID() as UserId, randomUUID() as AttemptId]
  const srtp = key === null || from.crypto === null ? null : { profile: PROFILE, send: key, receive: from.crypto.key } as const
  media.post({ type: 'open-agent', agentId, serial: 1, audio: AUDIO, leg: { kind: 'desk', endpoint: agentEndpoint.index, remote: remoteOf(from), srtp } })
  client?.say({
    type: 'open-call', attemptId, customerId: randomUUID() as CustomerId, endpoint: callerEndpoint.index,
    talk: { agentId, recording: record ? { record: 'yes', basis: 'granted' } : { record: 'no', reason: 'bench' }, fallback: null },
  })
  client?.say({ type: 'call-media', attemptId, remote: remoteOf(caller), audio: AUDIO, srtp: null, early: false })
  client?.say({ type: 'call-answered', attemptId, at: performance.timeOrigin + performance.now() })
  return { host, port: callerEndpoint.port, crypto: null }
}

function remoteOf({ host, port }: Description): RemoteMedia {
  return { host, port, rtcpPort }
}
