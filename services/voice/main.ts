import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AttemptId, LineId } from '@loopline/vocabulary/ids'
import { PERMISSIONS, scopeOf } from '@loopline/contracts/permissions'
import type { DialCommand, FromVoice, VoiceCallEvent } from '@loopline/contracts/voice-link'
import { createHttp } from '@loopline/http/create-http'
import { createTokenVerifier } from '@loopline/http/identity-token'
import { bearerToken } from '@loopline/http/permission'
import { installUpgrades } from '@loopline/http/upgrade'
import type { Keyring } from '@loopline/keys/keyring'
import { openObjects } from '@loopline/objects/open-objects'
import type { Logger } from '@loopline/telemetry/logger'
import { Gauge, createRegistry, type Registry } from '@loopline/telemetry/metrics'
import type { MediaLink } from './agent/media-link.ts'
import { startAgentPhones, type AgentPhones } from './agent/start-agent-phones.ts'
import { isSeveral } from './announced-addresses.ts'
import type { VoiceConfig } from './config.ts'
import { ERRORS } from './errors.ts'
import { bootId } from './journal.ts'
import { LinkServer } from './link-server.ts'
import { parseAddress } from './line-socket.ts'
import { RecorderClient } from './recording/recorder-client.ts'
import { OwnSounds } from './media/own-sounds.ts'
import { Media, type MediaPlan } from './media/media.ts'
import { Signalling } from './signalling.ts'

/** What the process around gives voice. */
export interface VoiceSurroundings {
  keys: Keyring
  /** The same keys as JSON, for the signalling threads. */
  keysText: string
  log: Logger
  /** Stands in place of the media thread towards agents' telephones, in tests of signalling alone. */
  mediaOfPhones?: MediaLink
}

export interface Voice {
  /** Where dialers connect, `host:port`. */
  readonly link: string
  /** Health and metrics. */
  readonly url: string
  readonly epoch: string
  /** Where desk telephones register, `host:port` each. */
  readonly agentSip: AgentPhones['listening']
  /** Ends both ends of every call with a reason, then everything else. */
  stop(): Promise<void>
}

/** Starts voice: first what a former process left is ended, then orders are taken. */
export async function startVoice(config: VoiceConfig, { keys, keysText, log, mediaOfPhones }: VoiceSurroundings): Promise<Voice> {
  mkdirSync(config.VOICE_DIR, { recursive: true, mode: 0o700 })
  const epoch = randomUUID()
  const verify = createTokenVerifier(keys.signingKey('identity'))
  const lineStates = new Map<LineId, FromVoice>()
  const signalling = new Signalling({
    onCalls: (events) => link.deliver(events),
    onLineState(status, at) {
      const message: FromVoice = { type: 'line-state', ...status, at }
      lineStates.set(status.lineId, message)
      log.info({ line: status.lineId, state: status.state, reason: status.reason }, 'line state')
      link.broadcast(message)
    },
    onLineProbed: (news) => link.broadcast(news),
    onThreadDeath(error) {
      // Its sockets are gone and its calls are in the journal: a fresh process ends them within three seconds.
      log.fatal({ err: error }, 'a signalling thread died; voice ends itself to recover')
      process.exit(70)
    },
  })
  const storeAddress = config.OBJECTS_URL || pathToFileURL(join(config.VOICE_DIR, 'objects')).href
  /** Calls of a former process: the ends of their recordings are told to each dialer that comes, as their results are. */
  const left = new Set<AttemptId>()
  const closedAtStart = new Map<AttemptId, VoiceCallEvent>()
  const recorder = new RecorderClient({ store: storeAddress, keys: keysText, pendingBytesMax: config.RECORDER_PENDING_MB * 2 ** 20 }, {
    onCalls(events) {
      for (const event of events) if (event.kind === 'recording-ended' && left.has(event.attemptId)) closedAtStart.set(event.attemptId, event)
      link.deliver(events)
    },
    onDeath: (error) => log.error({ err: error }, 'the recorder died; it is started anew, and running recordings go on with a hole'),
    onRestart: () => media.reachRecorder(),
    onState(state, reason) {
      if (reason !== null) log.error({ reason }, 'recordings cannot be written')
      else log.info('recordings can be written')
      link.broadcast(recorderNews(state, reason))
    },
  })
  const media = new Media(mediaPlanOf(config), {
    recorder: () => recorder.connect(),
    onPorts: (ports) => signalling.adoptMedia(ports, config.MEDIA_ADDRESS),
    onDeath(error) {
      log.error({ err: error }, 'the media thread died; its calls are ended and it is started anew')
      phones.mediaDied()
    },
  })
  media.onMessage((message) => {
    if (message.type === 'calls') link.deliver(message.events)
    else if (message.type === 'quality' || message.type === 'leg-tested') link.broadcast(message)
  })
  const ownSounds = new OwnSounds({
    open: () => openObjects(storeAddress), keys, post: (message) => media.post(message),
    onError: (name, error) => log.error({ err: error, sound: name }, 'a sound cannot be loaded; it is not played until it is'),
  })
  media.onMessage((message) => { if (message.type === 'ready') ownSounds.tellAll() })
  const phones = await startAgentPhones({ config, keys, log, media: mediaOfPhones ?? media, tell: (news) => link.broadcast(news) })
  let recovered: FromVoice | null = null
  /** A call that must be recorded is not made while it cannot be. */
  const recordable = (calls: DialCommand[]): DialCommand[] => {
    if (recorder.fault === null) return calls
    const refused = calls.filter(({ talk }) => talk !== undefined && talk.recording.record !== 'no' && talk.recording.required === true)
    link.deliver(refused.map(({ attemptId, leg }) => ({ kind: 'refused', attemptId, at: Date.now(), refusal: 'recorder-down', ...(leg !== undefined && { leg }) })))
    return calls.filter((call) => !refused.includes(call))
  }
  const link = new LinkServer({
    async authenticate(token) {
      const identity = await verify(token).catch(() => null)
      return identity?.role === 'service' ? identity.name : null
    },
    greet: () => [{ type: 'hello', epoch, voiceId: 'voice', deskServers: phones.servers }, ...lineStates.values(), recorderNow(recorder), ...phones.greeting(), ...closedSinceStart(closedAtStart), ...(recovered ? [recovered] : [])],
    onMessage(message) {
      switch (message.type) {
        case 'close-recordings': return recorder.close(message.recordings)
        case 'dial': return signalling.obey({ type: 'dial', calls: recordable(message.calls) })
        case 'ack':
          for (const attemptId of message.attemptIds) closedAtStart.delete(attemptId)
          return signalling.obey(message)
        case 'lines': return signalling.adoptLines(message.lines)
        case 'desk-phones': return phones.adopt(message.phones)
        case 'sounds': return ownSounds.adopt(message.names)
        case 'talk': return phones.obey(message.orders)
        default: return signalling.obey(message)
      }
    },
    async onQuery(attemptIds, legs) {
      const { ended, ...known } = await signalling.known(attemptIds, legs)
      return [...(ended.length > 0 ? [{ type: 'calls' as const, events: ended }] : []), { type: 'known', ...known }]
    },
    unacknowledged: () => signalling.unacknowledged(),
    onError: (error) => log.warn({ err: error }, 'a dialer link failed'),
  })

  const started = signalling.start(config.VOICE_THREADS, {
    epoch, journalFolder: config.VOICE_DIR, bootId: bootId(), keys: keysText, callsMax: config.VOICE_CALLS_MAX, dns: config.VOICE_DNS,
  })
  const [answer] = await Promise.all([started, recorder.start().then(() => media.start())])
  recovered = { type: 'recovered', epoch, orphans: answer.orphans.length, whole: answer.whole }
  if (answer.orphans.length > 0) log.warn({ orphans: answer.orphans.length, whole: answer.whole }, 'ended the calls of a former process')
  for (const attemptId of answer.orphans) left.add(attemptId)
  recorder.close(answer.orphans.map((attemptId) => ({ attemptId, basis: null, startedAt: null })))

  const registry = createRegistry('voice')
  showCounters(registry, signalling)
  showPhones(registry, phones)
  new Gauge({
    name: 'loopline_voice_recorder_up', help: '1 while recordings can be written, else 0.', registers: [registry],
    collect() { this.set(recorder.fault === null ? 1 : 0) },
  })
  const permissions = { actions: PERMISSIONS, scopeOf }
  const http = await createHttp({
    name: 'voice', errors: ERRORS, permissions, identityKey: keys.signingKey('identity'), logger: log, registry,
  })
  installUpgrades(http.server, {
    permissions, logger: log, authenticate: async (request) => { const token = bearerToken(request); return token === null ? null : verify(token) },
    assertOrigin: () => undefined, // the gateway has: no browser can reach us with a token of its own
  }, [phones.upgrade])
  const { host, port } = parseAddress(config.VOICE_LISTEN)
  const url = await http.listen({ host, port })
  const linkAddress = parseAddress(config.VOICE_LINK_LISTEN)
  const linkPort = await link.listen(linkAddress.host, linkAddress.port)
  return {
    url, epoch, link: `${linkAddress.host}:${linkPort}`,
    agentSip: phones.listening,
    async stop() {
      await Promise.all([signalling.stop(), phones.stop()])
      await media.stop()
      await Promise.all([recorder.stop(), ownSounds.stop()])
      await link.close()
      await http.close()
    },
  }
}

function recorderNews(state: 'up' | 'down', reason: string | null): FromVoice {
  return { type: 'recorder', state, reason, at: Date.now() }
}

const recorderNow = ({ fault }: RecorderClient): FromVoice => recorderNews(fault === null ? 'up' : 'down', fault)

function closedSinceStart(closed: ReadonlyMap<AttemptId, VoiceCallEvent>): FromVoice[] {
  return closed.size === 0 ? [] : [{ type: 'calls', events: [...closed.values()] }]
}

/** What was said on a port must have died away before another call hears there: three seconds of jitter and retries. */
const ENDPOINT_REST_MS = 3_000

function bindingOf({ MEDIA_BIND, MEDIA_ADDRESS, MEDIA_ADDRESS_AGENTS }: VoiceConfig): string {
  if (MEDIA_BIND !== '') return MEDIA_BIND
  return isSeveral(MEDIA_ADDRESS) || (MEDIA_ADDRESS_AGENTS !== '' && MEDIA_ADDRESS_AGENTS !== MEDIA_ADDRESS) ? '0.0.0.0' : MEDIA_ADDRESS
}

function mediaPlanOf(config: VoiceConfig): MediaPlan {
  const [from, to] = config.MEDIA_PORTS.split('-').map(Number)
  return {
    host: bindingOf(config), ports: from && to ? { from, to } : null, calls: config.MEDIA_CALLS, desks: config.MEDIA_DESK_PHONES,
    signallingThreads: config.VOICE_THREADS, restMs: ENDPOINT_REST_MS, browserPort: config.MEDIA_BROWSER_PORT, silenceMaxMs: config.MEDIA_SILENCE_MAX_MS,
  }
}

/** Keys of a key file as text, for the threads; the file was made by `loadKeyring` before. */
export const keysTextOf = (file: string, value: string | undefined): string => value || readFileSync(file, 'utf8')

function showPhones(registry: Registry, phones: AgentPhones): void {
  for (const name of Object.keys(phones.counters())) {
    new Gauge({
      name: `loopline_voice_phones_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      help: `Agents' telephones: ${name}.`, registers: [registry],
      collect() { this.set(phones.counters()[name] ?? 0) },
    })
  }
}

function showCounters(registry: Registry, signalling: Signalling): void {
  const names = ['callsOpen', 'mediaPortsFree', 'invites', 'finals', 'retransmissions', 'datagramsIn', 'malformed', 'strangers', 'wakeLateMaxMs'] as const
  for (const name of names) {
    new Gauge({
      name: `loopline_voice_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
      help: `Signalling threads' ${name}, counted since the process started.`,
      registers: [registry],
      collect() {
        const values = signalling.counters().map((counters) => counters[name])
        this.set(name === 'wakeLateMaxMs' ? Math.max(0, ...values) : values.reduce((sum, value) => sum + value, 0))
      },
    })
  }
}
