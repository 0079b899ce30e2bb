/** Decides what each message of a telephone may do. Whose telephone it is says the socket or a proof, never the message (threat 3). */
import { randomBytes } from 'node:crypto'
import type { UserId } from '@loopline/vocabulary/ids'
import { CALL_PROFILE, answerToFailure, refuse, type Profile } from '@loopline/sip/admission'
import { challengeLines, checkProof, type DigestServer } from '@loopline/sip/digest-server'
import { parseNameAddr, tagOf } from '@loopline/sip/header/name-addr'
import { isSipUri, parseUri } from '@loopline/sip/header/uri'
import { stampVia } from '@loopline/sip/header/via'
import { header, parseMessage, type SipRequest } from '@loopline/sip/message'
import { bindingsOf, dropFlow, expire, newRegistrar, register, type Binding } from '@loopline/sip/registrar'
import { formatResponse, line } from '@loopline/sip/serialise'
import { answerStray } from '@loopline/sip/stray'
import type { Logger } from '@loopline/telemetry/logger'
import type { AgentFlow } from './agent-flow.ts'
import { Answered } from './answered.ts'
import type { DeskPhones } from './desk-phones.ts'
import type { LegNews, PhoneKind } from './leg-news.ts'
import { Buckets } from './source-limits.ts'
import type { StandingLegs } from './standing-legs.ts'

/** What a telephone of an agent may ask: to register, and a call. Nothing that sends text, subscribes or transfers. */
const PROFILE: Profile = { ...CALL_PROFILE, methods: [...CALL_PROFILE.methods, 'REGISTER'], options: [...CALL_PROFILE.options, 'outbound', 'path'] }

/** The one address that telephones may call; whoever asks for another is refused, so that nothing that comes in ever leaves as a call (threat 2). */
const DESK = 'desk'

export interface AgentSignallingDeps {
  phones: DeskPhones
  legs: StandingLegs
  news: LegNews
  digest: DigestServer
  log: Logger
}

interface Who {
  agentId: UserId
  phone: PhoneKind
  /** User part of the address of record. */
  user: string
}

export class AgentSignalling {
  readonly #deps: AgentSignallingDeps
  readonly #registrar = newRegistrar()
  /** Flows on which somebody has registered: only they are answered to everything. */
  readonly #flows = new Map<string, AgentFlow>()
  readonly #answered = new Answered()
  readonly #messages = new Buckets({ burst: 200, perSecond: 40 })
  /** Wrong proofs and false names of one source: after these it is not listened to, until time has refilled them. */
  readonly #failures = new Buckets({ burst: 10, perSecond: 0.1 })
  /** A leg costs a handshake of 11 to 15 ms. */
  readonly #invites = new Buckets({ burst: 6, perSecond: 0.5 })
  readonly counters = { messages: 0, malformed: 0, strangers: 0, refused: 0, failedProofs: 0 }

  constructor(deps: AgentSignallingDeps) {
    this.#deps = deps
  }

  /** One message of a telephone. Never throws: a message that breaks us is dropped, and what it belonged to goes on by its timers. */
  onMessage(flow: AgentFlow, text: string): void {
    this.counters.messages += 1
    try {
      this.#receive(flow, text, performance.now())
    } catch (error) {
      this.counters.malformed += 1
      this.#deps.log.error({ err: error }, 'a message of a telephone could not be handled')
    }
  }

  onClose(flow: AgentFlow): void {
    this.#flows.delete(flow.id)
    this.#deps.legs.flowClosed(flow)
    this.#lookAt(dropFlow(this.#registrar, flow.id), 'socket-closed')
  }

  /** Each second: what has expired counts no more. */
  tick(): void {
    const now = performance.now()
    this.#lookAt(expire(this.#registrar, now), 'registration-expired')
    this.#answered.forget(now)
    const bound = new Set([...this.#registrar.bindings.values()].flatMap((bindings) => bindings.map(({ flow }) => flow)))
    for (const [id, flow] of this.#flows) if (flow.transport === 'UDP' && !bound.has(id) && !this.#deps.legs.holds(flow)) this.#flows.delete(id)
  }

  /** Their desk telephone is theirs no more. */
  dismiss(agentIds: readonly UserId[]): void {
    for (const agentId of agentIds) {
      this.#registrar.bindings.delete(addressOf('desk', agentId))
      this.#deps.legs.drop(agentId, 'not-registered-any-more', 'desk')
      this.#deps.news.unregistered(agentId, 'desk', 'not-registered-any-more')
    }
  }

  /** Calls the agent's desk telephone where it registered last, unless its leg stands already. */
  callDesk(agentId: UserId): void {
    const now = performance.now()
    if (this.#deps.legs.hasLeg(agentId)) return
    const reachable = this.#bindings('desk', agentId, now).map((binding) => ({ binding, flow: this.#flows.get(binding.flow) })).findLast(({ flow }) => flow !== undefined)
    if (reachable?.flow === undefined) return this.#deps.news.legDown(agentId, 'desk', 'not-registered')
    this.#deps.legs.call({ agentId, phone: 'desk', flow: reachable.flow, uri: reachable.binding.uri }, now)
  }

  #receive(flow: AgentFlow, text: string, now: number): void {
    const isKnown = flow.agentId !== null || this.#flows.has(flow.id)
    const limit = flow.agentId ?? flow.source
    // Before anything is parsed (threats 1 and 8). A telephone that has registered is not silenced by a neighbour that guesses.
    if (!this.#messages.take(isKnown ? flow.id : limit, now) || (!isKnown && !this.#failures.has(limit, now))) return this.#ignore(flow)
    const message = parseMessage(text)
    if (message.kind === 'failure') {
      this.counters.malformed += 1
      if (!isKnown) return this.#ignore(flow)
      const answer = answerToFailure(message, newTag())
      return answer === null ? undefined : flow.send(answer)
    }
    if (message.kind === 'response') return void this.#deps.legs.receive(message, flow, now)
    if (flow.remote !== null) stamp(message, flow.remote)
    if (!isKnown && (message.method !== 'REGISTER' || this.#deps.phones.size === 0)) return this.#ignore(flow)
    if (this.#answered.repeat(flow, message) || this.#deps.legs.receive(message, flow, now)) return undefined
    return this.#begin(flow, message, now)
  }

  /** A request that belongs to nothing yet. */
  #begin(flow: AgentFlow, request: SipRequest, now: number): void {
    if (request.method === 'ACK') return undefined
    if (tagOf(header(request, 'to') as string) !== '') return this.#stray(flow, request)
    if (flow.agentId !== null && !this.#speaksFor(request, flow.agentId)) return this.#misnamed(flow, request, now)
    const refused = refuse(request, PROFILE)
    if (refused !== null) return this.#answer(flow, request, refused.status, refused.headers)
    if (request.method !== 'REGISTER' && request.method !== 'INVITE') return this.#stray(flow, request)
    const who = flow.agentId === null ? this.#proven(flow, request, now) : { agentId: flow.agentId, phone: 'browser' as const, user: flow.agentId }
    if (who === null) return undefined
    return request.method === 'REGISTER' ? this.#onRegister(flow, request, who, now) : this.#onInvite(flow, request, who, now)
  }

  /** Whose request this is by digest; null when it was answered with a challenge or refused. */
  #proven(flow: AgentFlow, request: SipRequest, now: number): Who | null {
    const { digest, phones } = this.#deps
    const verdict = checkProof(digest, { request, scope: flow.source, ha1Of: (user) => phones.find(user)?.ha1 ?? null }, now)
    if (verdict.kind === 'challenge') {
      if (verdict.because === 'failed') {
        this.counters.failedProofs += 1
        this.#failures.take(flow.source, now)
      }
      this.#answer(flow, request, 401, challengeLines(digest, { scope: flow.source, isStale: verdict.because === 'stale' }, now))
      return null
    }
    const phone = phones.find(verdict.username)
    if (phone !== null && this.#speaksFor(request, phone.user)) return { agentId: phone.agentId, phone: 'desk', user: phone.user }
    this.#misnamed(flow, request, now)
    return null
  }

  /** Whether the request names nobody but its sender: From always, To too where it registers. */
  #speaksFor(request: SipRequest, user: string): boolean {
    return userOf(request, 'from') === user && (request.method !== 'REGISTER' || userOf(request, 'to') === user)
  }

  #misnamed(flow: AgentFlow, request: SipRequest, now: number): void {
    this.#deps.log.warn({ source: flow.source, agentId: flow.agentId, method: request.method }, 'a telephone named itself as somebody else')
    this.#answer(flow, request, 403, '')
    if (!this.#failures.take(flow.agentId ?? flow.source, now)) flow.close('not who it says it is')
  }

  #onRegister(flow: AgentFlow, request: SipRequest, { agentId, phone }: Who, now: number): void {
    const before = this.#bindings(phone, agentId, now)
    const { status, headers, bindings } = register(this.#registrar, addressOf(phone, agentId), { request, flow: flow.id }, now)
    const text = formatResponse(request, status, { toTag: newTag(), headers })
    if (flow.transport === 'UDP') this.#answered.keep(flow, request, text, now)
    flow.send(text)
    if (status !== 200) return undefined
    flow.proven()
    this.#flows.set(flow.id, flow)
    for (const { uri, flow: by } of bindings) if (by === flow.id) this.#deps.legs.rebind(agentId, uri, flow)
    for (const binding of bindings) if (!before.some((old) => old.instance === binding.instance && old.uri === binding.uri)) this.#noteNew(flow, agentId, phone)
    if (bindings.length > 0) this.#deps.news.registered(agentId, phone)
    else this.#deps.news.unregistered(agentId, phone, 'unregistered')
    return undefined
  }

  #noteNew(flow: AgentFlow, agentId: UserId, phone: PhoneKind): void {
    this.#deps.log.info({ agentId, phone, transport: flow.transport, source: flow.source }, 'a telephone registered')
  }

  #onInvite(flow: AgentFlow, request: SipRequest, who: Who, now: number): void {
    const uri = parseUri(request.uri)
    if (uri === null || !isSipUri(uri) || uri.user !== DESK) return this.#answer(flow, request, 403, '')
    if (!this.#invites.take(who.agentId, now)) return this.#answer(flow, request, 503, line('Retry-After', '3'))
    this.#flows.set(flow.id, flow)
    return this.#deps.legs.take(request, { flow, agentId: who.agentId, phone: who.phone }, now)
  }

  #stray(flow: AgentFlow, request: SipRequest): void {
    const text = answerStray(request, newTag())
    if (text !== null) flow.send(text)
  }

  #answer(flow: AgentFlow, request: SipRequest, status: number, headers: string): void {
    if (status !== 401) this.counters.refused += 1
    flow.send(formatResponse(request, status, { toTag: newTag(), headers }))
  }

  /** Strangers hear nothing: over UDP silence, else the end of the connection. */
  #ignore(flow: AgentFlow): void {
    this.counters.strangers += 1
    flow.close('not listened to')
  }

  #bindings(phone: PhoneKind, agentId: UserId, now: number): Binding[] {
    return bindingsOf(this.#registrar, addressOf(phone, agentId), now)
  }

  /** Tells of those addresses that have no binding left. */
  #lookAt(addresses: readonly string[], reason: string): void {
    for (const address of addresses) {
      if (this.#registrar.bindings.has(address)) continue
      const [phone, agentId] = address.split('/') as [PhoneKind, UserId]
      this.#deps.news.unregistered(agentId, phone, reason)
    }
  }
}

const addressOf = (phone: PhoneKind, agentId: UserId): string => `${phone}/${agentId}`

const newTag = (): string => randomBytes(8).toString('hex')

function userOf(request: SipRequest, name: 'from' | 'to'): string | null {
  const uri = parseNameAddr(header(request, name) as string)?.uri
  return uri !== undefined && isSipUri(uri) ? uri.user : null
}

/** Where a datagram really came from (RFC 3581), for whoever reads our answer. */
function stamp(request: SipRequest, { address, port }: { address: string; port: number }): void {
  const via = request.names.indexOf('via')
  request.values[via] = stampVia(request.values[via] as string, address, port)
}
