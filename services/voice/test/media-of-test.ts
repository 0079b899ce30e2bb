/** A media thread of a test's own, with one sender that plays the signalling thread. */
import { randomUUID } from 'node:crypto'
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { TalkPlan, VoiceCallEvent } from '@loopline/contracts/voice-link'
import { Media } from '../media/media.ts'
import { MediaClient } from '../media/media-client.ts'
import type { Endpoint, FromMedia } from '../media/media-messages.ts'
import { rtpPeer, type RtpPeer } from './rtp-peer.ts'

export interface MediaOfTest {
  media: Media
  caller: MediaClient
  /** What the main thread and the caller were told. */
  told: FromMedia[]
  first<Type extends FromMedia['type']>(type: Type, fits?: (message: Extract<FromMedia, { type: Type }>) => boolean): Promise<Extract<FromMedia, { type: Type }>>
  event<Kind extends VoiceCallEvent['kind']>(kind: Kind, attemptId: AttemptId): Promise<Extract<VoiceCallEvent, { kind: Kind }>>
  /** Opens a call and tells where its far end is, as an 18x or 2xx would. */
  call(customer: RtpPeer, talk: Partial<TalkPlan>): CallOfTest
  /** The standing leg of a desk telephone. */
  desk(agent: RtpPeer, agentId?: UserId): Promise<UserId>
  stop(): Promise<void>
}

export interface CallOfTest {
  attemptId: AttemptId
  endpoint: Endpoint
  /** The 200, now. */
  answer(): void
  close(): void
}

export const NOT_RECORDED: TalkPlan = { agentId: null, recording: { record: 'no', reason: 'test' }, fallback: null }

export async function mediaOfTest(change: { calls?: number; restMs?: number } = {}): Promise<MediaOfTest> {
  const told: FromMedia[] = []
  const waiting = new Set<() => void>()
  const onMessage = (message: FromMedia): void => {
    told.push(message)
    for (const look of waiting) look()
  }
  const first = <Found>(find: () => Found | undefined): Promise<Found> => new Promise((resolve) => {
    const look = (): void => {
      const found = find()
      if (found === undefined) return
      waiting.delete(look)
      resolve(found)
    }
    waiting.add(look)
    look()
  })
  let caller: MediaClient | null = null
  const media = new Media({ host: '127.0.0.1', ports: null, calls: 4, desks: 4, signallingThreads: 1, restMs: 20, ...change }, {
    onPorts: ([port]) => {
      if (port) caller = new MediaClient(port, { onMessage, onLost: () => undefined })
    },
    onDeath: (error) => { throw error },
  })
  const desks: Endpoint[] = []
  media.onMessage((message) => {
    if (message.type === 'endpoints') desks.push(...message.endpoints)
    onMessage(message)
  })
  await media.start()
  const sender = caller as MediaClient | null
  if (sender === null) throw new Error('the media thread gave no port')
  await first(() => (sender.free > 0 && desks.length > 0 ? true : undefined))
  const events = (): VoiceCallEvent[] => told.flatMap((message) => (message.type === 'calls' ? message.events : []))
  const of: MediaOfTest = {
    media, caller: sender, told,
    first: (type, fits = () => true) => first(() => told.find((each): each is Extract<FromMedia, { type: typeof type }> => each.type === type && fits(each as never))),
    event: (kind, attemptId) => first(() => events().find((each): each is Extract<VoiceCallEvent, { kind: typeof kind }> => each.kind === kind && each.attemptId === attemptId)),
    call(customer, talk) {
      const attemptId = randomUUID() as AttemptId
      const endpoint = sender.take()
      if (endpoint === null) throw new Error('no endpoint is free')
      customer.target = endpoint.port
      sender.say({ type: 'open-call', attemptId, customerId: randomUUID() as CustomerId, endpoint: endpoint.index, talk: { ...NOT_RECORDED, ...talk } })
      sender.say({ type: 'call-media', attemptId, remote: customer.remote, audio: customer.audio, srtp: null, early: true })
      return {
        attemptId, endpoint,
        answer: () => sender.say({ type: 'call-answered', attemptId, at: performance.timeOrigin + performance.now() }),
        close: () => sender.say({ type: 'close-call', attemptId }),
      }
    },
    async desk(agent, agentId = randomUUID() as UserId) {
      const endpoint = desks.shift()
      if (endpoint === undefined) throw new Error('no endpoint is free')
      agent.target = endpoint.port
      media.post({ type: 'open-agent', agentId, serial: 1, audio: agent.audio, leg: { kind: 'desk', endpoint: endpoint.index, remote: agent.remote, srtp: null } })
      await of.first('agent-leg', (message) => message.agentId === agentId && message.state === 'up')
      return agentId
    },
    stop: () => media.stop(),
  }
  return of
}

/** Peers that are closed together. */
export async function peersOf<Names extends string>(laws: Record<Names, 'PCMA' | 'PCMU'>): Promise<Record<Names, RtpPeer>> {
  const made = await Promise.all(Object.entries<'PCMA' | 'PCMU'>(laws).map(async ([name, law]) => [name, await rtpPeer(law)] as const))
  return Object.fromEntries(made) as Record<Names, RtpPeer>
}
