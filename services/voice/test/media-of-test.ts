/** A media thread of a test's own, with one sender that plays the signalling thread. */
import { randomUUID } from 'node:crypto'
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { TalkOrder, TalkPlan, VoiceCallEvent } from '@loopline/contracts/voice-link'
import { MessageChannel } from 'node:worker_threads'
import { Media } from '../media/media.ts'
import { MediaClient } from '../media/media-client.ts'
import type { AgreedAudio, BrowserLeg, Endpoint, FromMedia, SrtpKeys } from '../media/media-messages.ts'
import { blocksOf } from '../media/recorded-blocks.ts'
import type { RecordedBlock } from '../media/recorded-blocks.ts'
import type { FromRecorder, ToRecorder } from '../media/recorder.ts'
import type { RtpPeer } from './rtp-peer.ts'

/** Each block by itself, however they travelled. */
export type Recorded = Exclude<ToRecorder, { type: 'blocks' | 'all-named' }> | ({ type: 'block' } & RecordedBlock)

export interface MediaOfTest {
  media: Media
  caller: MediaClient
  /** The caller's port was closed by the other side. */
  lost: Promise<void>
  /** What a recorder thread would have got. */
  recorded: Recorded[]
  recorder(fits: (messages: Recorded[]) => boolean): Promise<void>
  /** What the main thread and the caller were told. */
  told: FromMedia[]
  first<Type extends FromMedia['type']>(type: Type, fits?: (message: Extract<FromMedia, { type: Type }>) => boolean): Promise<Extract<FromMedia, { type: Type }>>
  event<Kind extends VoiceCallEvent['kind']>(kind: Kind, attemptId: AttemptId): Promise<Extract<VoiceCallEvent, { kind: Kind }>>
  /** Opens a call and tells where its far end is, as an 18x or 2xx would. */
  call(customer: RtpPeer, talk: Partial<TalkPlan>, srtp?: SrtpKeys | null): CallOfTest
  /** The leg is gone, as when its browser dies. */
  drop(agentId: UserId): void
  /** Opens a browser's leg as its INVITE would; what it is told stands in `told`. */
  browser(wish: Omit<BrowserLeg, 'kind'>, audio: AgreedAudio, agentId?: UserId, serial?: number): UserId
  /** The standing leg of a desk telephone. */
  /** @param serial a higher one for an agent whose leg comes anew. */
  desk(agent: RtpPeer, agentId?: UserId, serial?: number): Promise<UserId>
  stop(): Promise<void>
}

type VoiceOrder = Exclude<TalkOrder, { order: 'call-desk' }>

export interface CallOfTest {
  attemptId: AttemptId
  endpoint: Endpoint
  /** What a re-INVITE of theirs says. */
  describe(customer: Pick<RtpPeer, 'remote' | 'audio'>, srtp: SrtpKeys | null): void
  /** The 200, now. */
  answer(): void
  close(): void
  tell(order: { order: 'connect' | 'hand-over' | 'consult' | 'leave'; agentId: UserId } | { order: 'hold' | 'record' | 'conference'; on: boolean } | { order: 'fall-back' } | { order: 'digits'; digits: string }
    | { order: 'attend'; agentId: UserId; as: 'listen' | 'whisper' | 'barge' | 'off' }): void
}

export const NOT_RECORDED: TalkPlan = { agentId: null, recording: { record: 'no', reason: 'test' }, fallback: null }

export async function mediaOfTest(change: { calls?: number; restMs?: number; silenceMaxMs?: number } = {}): Promise<MediaOfTest> {
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
  const recorded: Recorded[] = []
  const lost = Promise.withResolvers<void>()
  const recorder = new MessageChannel()
  recorder.port1.on('message', (message: ToRecorder) => {
    if (message.type === 'all-named') return // of no recording
    if (message.type === 'blocks') {
      recorded.push(...blocksOf(message).map((block) => ({ type: 'block' as const, ...block })))
      recorder.port1.postMessage({ type: 'taken', blocks: message.attemptIds.length, memory: new ArrayBuffer(0) } satisfies FromRecorder) // kept for the test
    } else recorded.push(message)
    for (const look of waiting) look()
  })
  let starts = 0
  let caller: MediaClient | null = null
  const media = new Media({ host: '127.0.0.1', ports: null, calls: 4, desks: 4, signallingThreads: 1, restMs: 20, browserPort: 0, silenceMaxMs: 20_000, ...change }, {
    onPorts: ([port]) => {
      if (port) caller = new MediaClient(port, { onMessage, onLost: lost.resolve })
    },
    recorder: () => (starts++ === 0 ? recorder.port2 : null),
    onDeath: () => undefined,
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
    media, caller: sender, told, recorded, lost: lost.promise,
    recorder: async (fits) => void (await first(() => fits(recorded) || undefined)),
    first: (type, fits = () => true) => first(() => told.find((each): each is Extract<FromMedia, { type: typeof type }> => each.type === type && fits(each as never))),
    event: (kind, attemptId) => first(() => events().find((each): each is Extract<VoiceCallEvent, { kind: typeof kind }> => each.kind === kind && each.attemptId === attemptId)),
    call(customer, talk, srtp = null) {
      const attemptId = randomUUID() as AttemptId
      const endpoint = sender.take()
      if (endpoint === null) throw new Error('no endpoint is free')
      customer.target = endpoint.port
      sender.say({ type: 'open-call', attemptId, customerId: randomUUID() as CustomerId, endpoint: endpoint.index, talk: { ...NOT_RECORDED, ...talk } })
      sender.say({ type: 'call-media', attemptId, remote: customer.remote, audio: customer.audio, srtp, early: true })
      return {
        attemptId, endpoint,
        describe: ({ remote, audio }, keys) => sender.say({ type: 'call-media', attemptId, remote, audio, srtp: keys, early: false }),
        answer: () => sender.say({ type: 'call-answered', attemptId, at: performance.timeOrigin + performance.now() }),
        close: () => sender.say({ type: 'close-call', attemptId }),
        tell: (order) => media.post({ type: 'talk', orders: [{ ...order, attemptId } as VoiceOrder] }),
      }
    },
    drop: (agentId) => media.post({ type: 'talk', orders: [{ order: 'drop-leg', agentId, reason: 'test' }] }),
    browser(wish, audio, agentId = randomUUID() as UserId, serial = 1) {
      media.post({ type: 'open-agent', agentId, serial, audio, leg: { ...wish, kind: 'browser' } })
      return agentId
    },
    async desk(agent, agentId = randomUUID() as UserId, serial = 1) {
      const endpoint = desks.shift()
      if (endpoint === undefined) throw new Error('no endpoint is free')
      agent.target = endpoint.port
      media.post({ type: 'open-agent', agentId, serial, audio: agent.audio, leg: { kind: 'desk', endpoint: endpoint.index, remote: agent.remote, srtp: null } })
      await of.first('agent-leg', (message) => message.agentId === agentId && message.serial === serial && message.state === 'up')
      return agentId
    },
    async stop() {
      await media.stop()
      recorder.port1.close()
    },
  }
  return of
}
