/** Opens everything that telephones of agents come in by, and puts its parts together. */
import { createHmac, randomBytes } from 'node:crypto'
import type { SecureContext } from 'node:tls'
import type { UserId } from '@loopline/vocabulary/ids'
import { AGENT_REALM, type DeskPhone, type DeskServer, type FromVoice, type TalkOrder } from '@loopline/contracts/voice-link'
import type { Upgrade } from '@loopline/http/upgrade'
import type { Keyring } from '@loopline/keys/keyring'
import { newDigestServer, type DigestServer } from '@loopline/sip/digest-server'
import type { Logger } from '@loopline/telemetry/logger'
import { contextOf, followCertificate, readCertificate } from '@loopline/tls/certificate-files'
import { AnnouncedAddresses } from '../announced-addresses.ts'
import { digestHash } from '../call-table.ts'
import type { VoiceConfig } from '../config.ts'
import { parseAddress } from '../line-socket.ts'
import type { FlowHandlers } from './agent-flow.ts'
import { AgentSignalling } from './agent-signalling.ts'
import { DeskPhones } from './desk-phones.ts'
import { LegNews } from './leg-news.ts'
import type { MediaPlace } from './leg-terms.ts'
import { EndpointShelf, type MediaLink } from './media-link.ts'
import { ConnectionCount } from './source-limits.ts'
import { StandingLegs } from './standing-legs.ts'
import { openStream, type StreamOptions } from './stream-transport.ts'
import { announced, openUdp, type AgentTransport } from './udp-transport.ts'
import { createWebSocketTransport } from './web-socket-transport.ts'

export interface AgentPhonesDeps {
  config: VoiceConfig
  keys: Pick<Keyring, 'open'>
  log: Logger
  media: MediaLink
  /** To all dialers. */
  tell(news: FromVoice): void
}

export interface AgentPhones {
  /** `/sip` of voice's HTTP server. */
  readonly upgrade: Upgrade
  /** `udp`, `tcp` and `tls` addresses that are open, `host:port`. */
  readonly listening: Partial<Record<'udp' | 'tcp' | 'tls', string>>
  /** The same as telephones reach them. */
  readonly servers: DeskServer[]
  /** What a dialer that connects is told. */
  greeting(): FromVoice[]
  adopt(phones: readonly DeskPhone[]): void
  obey(orders: readonly TalkOrder[]): void
  /** Every leg ended with the media thread; its successor lends its own endpoints. */
  mediaDied(): void
  counters(): Record<string, number>
  /** BYE with a reason on every leg, then everything is closed. */
  stop(): Promise<void>
}

const CONNECTIONS = { total: 4_000, perSource: 100, halfOpen: 200 }
const SOCKETS_MAX = 4_000
/** Telephones have this long to answer our BYE when voice stops. */
const BYE_WAIT_MS = 700

/** @throws when an address is taken or the certificate cannot be read. */
export async function startAgentPhones({ config, keys, log, media, tell }: AgentPhonesDeps): Promise<AgentPhones> {
  const news = new LegNews(tell)
  const shelf = new EndpointShelf()
  const addresses = new AnnouncedAddresses(config.MEDIA_ADDRESS_AGENTS || config.MEDIA_ADDRESS)
  let browser: MediaPlace['browser'] | undefined           // until the media thread says so: telephones register, calls to the desk are answered 503
  const legs = new StandingLegs({
    place: (source) => (browser === undefined ? null : { address: addresses.of(source), candidates: addresses.all(source), browser }), endpoints: shelf, news, toMedia: (message) => media.post(message), onError: (what, error) => log.error({ err: error }, what),
  })
  const phones = new DeskPhones(keys, (user) => log.warn({ user }, 'the secret of a desk telephone cannot be opened with our keys'))
  const signalling = new AgentSignalling({ phones, legs, news, digest: newDigest(config), log })
  media.onMessage((message) => {
    if (message.type === 'ready') browser = message.browser.port === 0 ? null : message.browser
    else if (message.type === 'endpoints') shelf.lend(message.endpoints)
    else if (message.type === 'agent-leg') legs.hear(message)
  })
  const handlers: FlowHandlers = {
    onMessage: (flow, text) => signalling.onMessage(flow, text),
    onClose: (flow) => signalling.onClose(flow),
  }
  const sockets = createWebSocketTransport(handlers, { socketsMax: SOCKETS_MAX })
  const connections = new ConnectionCount(CONNECTIONS)
  const certificate = config.AGENT_TLS_LISTEN === '' ? null : followTls(config, log)
  const open = await openListeners(config, certificate, { handlers, connections, reachable: (source) => addresses.of(source) })
  const ticking = setInterval(() => signalling.tick(), 1_000).unref()

  return {
    upgrade: sockets.upgrade,
    listening: Object.fromEntries(open.map(([name, { local }]) => [name, local])),
    servers: open.map(([transport, { local }]) => { const { host, port } = parseAddress(local); return { transport, address: announced(host, port, () => addresses.of('')) } }),
    greeting: () => news.greeting(),
    adopt: (wanted) => signalling.dismiss(phones.adopt(wanted)),
    obey: (orders) => obey(orders, { legs, signalling, media }),
    mediaDied() {
      browser = undefined
      legs.loseAll()
      shelf.clear()
    },
    counters: () => ({ ...signalling.counters, known: phones.size, legs: legs.count, sockets: sockets.count, connections: connections.total }),
    async stop() {
      clearInterval(ticking)
      certificate?.stop()
      await legs.stop(BYE_WAIT_MS)
      sockets.close()
      await Promise.all(open.map(([, transport]) => transport.close()))
    },
  }
}

/** Nonces die with the process: telephones then meet `stale` and try again without asking anybody for a password. */
function newDigest(config: VoiceConfig): DigestServer {
  const nonceKey = randomBytes(32)
  return newDigestServer({
    realm: AGENT_REALM, hash: digestHash, nonceHash: (text) => createHmac('sha256', nonceKey).update(text).digest('hex').slice(0, 32),
    algorithms: config.AGENT_DIGEST === 'md5' ? ['MD5'] : ['SHA-256', 'MD5'],
  })
}

/** Orders about telephones are ours; what is about the voices of a call goes on to the media thread. */
function obey(orders: readonly TalkOrder[], { legs, signalling, media }: { legs: StandingLegs; signalling: AgentSignalling; media: MediaLink }): void {
  const voices: Exclude<TalkOrder, { order: 'call-desk' }>[] = []
  for (const order of orders) {
    if (order.order === 'drop-leg') legs.drop(order.agentId as UserId, order.reason)
    else if (order.order === 'call-desk') signalling.callDesk(order.agentId)
    else voices.push(order)
  }
  if (voices.length > 0) media.post({ type: 'talk', orders: voices })
}

async function openListeners(config: VoiceConfig, certificate: AgentCertificate | null, options: Omit<StreamOptions, 'tls'>): Promise<['udp' | 'tcp' | 'tls', AgentTransport][]> {
  const open: ['udp' | 'tcp' | 'tls', AgentTransport][] = []
  if (config.AGENT_SIP_LISTEN !== '') {
    const { udp, tcp } = await openPair(config.AGENT_SIP_LISTEN, options)
    open.push(['udp', udp], ['tcp', tcp])
  }
  if (certificate !== null) open.push(['tls', await openStream(config.AGENT_TLS_LISTEN, { ...options, tls: certificate.current })])
  return open
}

interface AgentCertificate {
  current(): SecureContext
  stop(): void
}

/** Calls go on while the certificate is replaced: only connections to come see the new one (F29). @throws when it cannot be read */
function followTls({ AGENT_TLS_CERT: cert, AGENT_TLS_KEY: key }: VoiceConfig, log: Logger): AgentCertificate {
  let context = contextOf(readCertificate({ cert, key }), OLDEST_TLS)
  const followed = followCertificate({ cert, key }, {
    onChanged: (certificate) => { context = contextOf(certificate, OLDEST_TLS) },
    onFailed: (error) => log.error({ err: error }, 'the new certificate for telephones cannot be used; the old one stays'),
    onEnding: (days) => log.warn({ days, file: cert }, 'the certificate for telephones ends soon or has ended'),
    now: () => Date.now(),
  })
  return { current: () => context, stop: () => followed.stop() }
}

/** Desk telephones of ten years ago speak no 1.3. */
const OLDEST_TLS = 'TLSv1.2'

const PAIR_ATTEMPTS = 10

/** UDP and TCP on one port: a telephone is given one address. A port that the system chose for one may be taken for the other. */
async function openPair(listen: string, options: Omit<StreamOptions, 'tls'>): Promise<{ udp: AgentTransport; tcp: AgentTransport }> {
  for (let attempt = 1; ; attempt += 1) {
    const udp = await openUdp(listen, options)
    try {
      return { udp, tcp: await openStream(udp.local, { ...options, tls: null }) }
    } catch (error) {
      await udp.close()
      if (!listen.endsWith(':0') || attempt >= PAIR_ATTEMPTS) throw error
    }
  }
}
