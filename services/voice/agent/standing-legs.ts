/**
 * Decides which call of a telephone is its agent's standing leg (ADR 7), and what the media thread and the dialers hear of it.
 * An agent has one: a later one takes its place without ending what is talked on it.
 */
import { randomBytes } from 'node:crypto'
import type { UserId } from '@loopline/vocabulary/ids'
import type { CallEffect, CallInput, Ended } from '@loopline/sip/call-effect'
import { parseNameAddr } from '@loopline/sip/header/name-addr'
import { isSipUri, parseUri } from '@loopline/sip/header/uri'
import * as incoming from '@loopline/sip/incoming-call'
import { headerList, type SipMessage, type SipRequest } from '@loopline/sip/message'
import * as outgoing from '@loopline/sip/outgoing-call'
import { formatSdp } from '@loopline/sip/sdp'
import { line } from '@loopline/sip/serialise'
import type { Endpoint, FromMedia, ToMedia } from '../media/media-messages.ts'
import { createWakes } from '../wakes.ts'
import { contactOf, sentByOf, type AgentFlow } from './agent-flow.ts'
import type { LegNews, PhoneKind } from './leg-news.ts'
import { browserTerms, changedBrowserTerms, changedDeskTerms, deskAudio, deskTerms, type LegTerms, type MediaPlace } from './leg-terms.ts'

/** A page whose socket broke, or whose hub restarted, comes back in 1 to 2 s; its media goes on meanwhile. */
const GRACE_MS = 4_000
const CALL_DESK_FOR_MS = 20_000

/** Reason values of our BYE; the console shows the text. */
const REASON = {
  replaced: 'SIP;cause=200;text="Taken over by another call to the desk"',
  lost: 'SIP;cause=408;text="No media from the telephone"',
  stopping: 'SIP;cause=503;text="Voice stops"',
  ordinary: 'Q.850;cause=16;text="Normal call clearing"',
}

interface Engine {
  readonly callId: string
  step(input: CallInput, now: number): readonly CallEffect[]
  wakeAt(): number
  isNewAttempt(request: SipRequest): boolean
}

interface Leg {
  readonly agentId: UserId
  readonly phone: PhoneKind
  readonly serial: number
  readonly engine: Engine
  /** user@host of their Contact: a telephone that registers it anew, over another socket, is still the same. */
  contact: string
  flow: AgentFlow
  /** Ours to give back while the media thread has not got it. */
  endpoint: Endpoint | null
  over: boolean
}

export interface StandingLegsDeps {
  /** Where a telephone that comes from `source` finds media; null while there is no media thread. */
  place(source: string): MediaPlace | null
  endpoints: { take(): Endpoint | null; giveBack(endpoint: Endpoint): void }
  toMedia(message: ToMedia): void
  news: LegNews
  onError(what: string, error: unknown): void
}

/** A telephone whose right to the desk is proven. */
export interface Caller {
  flow: AgentFlow
  agentId: UserId
  phone: PhoneKind
}

export class StandingLegs {
  readonly #deps: StandingLegsDeps
  readonly #byCallId = new Map<string, Leg>()
  readonly #current = new Map<UserId, Leg>()
  readonly #wakes = createWakes((callId, now) => this.#wake(callId, now))
  readonly #graces = createWakes((callId) => this.#graceOver(callId))
  #serial = 0

  constructor(deps: StandingLegsDeps) {
    this.#deps = deps
  }

  /** Legs that stand. */
  get count(): number {
    return this.#current.size
  }

  holds(flow: AgentFlow): boolean {
    for (const leg of this.#byCallId.values()) if (leg.flow.id === flow.id) return true
    return false
  }

  /** An INVITE to the desk: the leg stands with our 200; `up` is told when its media flows. */
  take(invite: SipRequest, caller: Caller, now: number): void {
    const { flow } = caller
    const place = this.#deps.place(flow.source)
    const endpoint = caller.phone === 'desk' && place !== null ? this.#deps.endpoints.take() : null
    const terms = place === null ? null : caller.phone === 'browser' ? browserTerms(invite.body, place) : endpoint && deskTerms(invite.body, { place, endpoint, source: flow.source })
    const { call, effects } = incoming.takeCall({
      toTag: name(), branchSeed: name(), contact: contactOf(flow), sentBy: sentByOf(flow), hangUpReason: REASON.ordinary,
      ...(terms === null ? {} : { answerOffer: terms.answerAgain }),
    }, invite, now)
    const leg = this.#newLeg(caller, {
      callId: invite.callId, step: (input, at) => incoming.step(call, input, at), wakeAt: () => incoming.wakeAt(call), isNewAttempt: (request) => incoming.isNewAttempt(call, request),
    }, { contact: contactPlace(invite), endpoint })
    this.#apply(leg, effects, now)
    if (leg.over) return this.#giveBackEndpoint(leg)
    if (terms === null) {
      leg.over = true
      this.#giveBackEndpoint(leg)
      const isLater = place === null || (caller.phone === 'desk' ? endpoint === null : place.browser === null)
      return this.#apply(leg, incoming.step(call, isLater ? { kind: 'reject', status: 503, headers: line('Retry-After', '2') } : { kind: 'reject', status: 488 }, now), now)
    }
    this.#stand(leg, terms, now)
    this.#apply(leg, incoming.step(call, { kind: 'answer', sdp: terms.answer }, now), now)
  }

  /** Calls a desk telephone that is registered and asks it to answer by itself. Without media or a free endpoint nothing is called. */
  call({ uri, ...caller }: Caller & { uri: string }, now: number): void {
    const place = this.#deps.place(caller.flow.source)
    const endpoint = place && this.#deps.endpoints.take()
    if (place === null || endpoint === null) return this.#deps.news.legDown(caller.agentId, caller.phone, 'no-media')
    const { flow } = caller
    const callId = `${name()}@desk`
    const { call, effects } = outgoing.placeCall({
      callId, fromTag: name(), branchSeed: name(), requestUri: uri, from: `"Loopline" <sip:desk@${flow.local}>`, to: `<${uri}>`, contact: contactOf(flow),
      sentBy: sentByOf(flow), sdp: formatSdp(deskAudio(place, endpoint)), ringTimeMs: CALL_DESK_FOR_MS, hangUpReason: REASON.ordinary, headers: AUTO_ANSWER,
    }, now)
    const leg = this.#newLeg(caller, {
      callId, step: (input, at) => outgoing.step(call, input, at), wakeAt: () => outgoing.wakeAt(call), isNewAttempt: () => false,
    }, { contact: placeOf(uri), endpoint })
    this.#apply(leg, effects, now)
  }

  /** One that stands or is being called: two dialers may order it. */
  hasLeg(agentId: UserId): boolean {
    for (const leg of this.#byCallId.values()) if (leg.agentId === agentId && !leg.over) return true
    return false
  }

  /** A message of a call of ours by its Call-ID. False when there is none, or it is not for this telephone to say anything of it. */
  receive(message: SipMessage, flow: AgentFlow, now: number): boolean {
    const leg = this.#byCallId.get(message.callId)
    if (leg === undefined || (message.kind === 'request' && leg.engine.isNewAttempt(message))) return false
    if (leg.flow.id !== flow.id) {
      if (flow.agentId !== leg.agentId || leg.phone !== 'browser') return false // nobody ends another's leg (threat 3)
      this.#moveTo(leg, flow)
    }
    const input: CallInput = message.kind === 'request' ? { kind: 'request', request: message } : { kind: 'response', response: message }
    this.#apply(leg, leg.engine.step(input, now), now)
    return true
  }

  /** The telephone with this Contact is reached by this flow from now on. */
  rebind(agentId: UserId, uri: string, flow: AgentFlow): void {
    for (const leg of this.#byCallId.values()) if (leg.agentId === agentId && leg.contact === placeOf(uri)) this.#moveTo(leg, flow)
  }

  /** Its socket is gone: the telephone has a moment to come back before its leg ends. */
  flowClosed(flow: AgentFlow): void {
    for (const leg of this.#byCallId.values()) {
      if (leg.flow.id === flow.id && !leg.over) this.#graces.set(leg.engine.callId, performance.now() + GRACE_MS)
    }
  }

  /** Ends the leg of an agent by a command. */
  drop(agentId: UserId, reason: string, phone?: PhoneKind): void {
    for (const leg of this.#byCallId.values()) {
      if (leg.agentId === agentId && (phone === undefined || leg.phone === phone)) this.#end(leg, reason, `SIP;cause=480;text="${plain(reason)}"`)
    }
  }

  hear(message: Extract<FromMedia, { type: 'agent-leg' }>): void {
    const leg = this.#current.get(message.agentId)
    if (leg === undefined || leg.serial !== message.serial) return
    if (message.state === 'up') this.#deps.news.up(leg.agentId, leg.phone)
    else this.#end(leg, `media-lost${message.reason === null ? '' : `: ${message.reason}`}`, REASON.lost)
  }

  /** The media thread died, and every leg's media with it: the telephones call anew. */
  loseAll(): void {
    for (const leg of this.#byCallId.values()) this.#end(leg, 'media-lost: the media thread died', REASON.lost)
  }

  /** Says BYE on every leg and waits a moment for the answers. */
  async stop(waitMs: number): Promise<void> {
    for (const leg of this.#byCallId.values()) this.#end(leg, 'voice-stops', REASON.stopping)
    const until = performance.now() + waitMs
    const isWaiting = (): boolean => [...this.#byCallId.values()].some(({ flow, engine }) => flow.transport !== 'WS' && engine.wakeAt() < Infinity)
    while (isWaiting() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
    this.#wakes.close()
    this.#graces.close()
  }

  #newLeg({ agentId, phone, flow }: Caller, engine: Engine, { contact, endpoint }: Pick<Leg, 'contact' | 'endpoint'>): Leg {
    this.#serial += 1
    const leg: Leg = { agentId, phone, flow, engine, serial: this.#serial, contact, endpoint, over: false }
    this.#byCallId.set(engine.callId, leg)
    return leg
  }

  /** The leg takes the place of the one before, whose telephone is told why it was hung up on. The media thread first: then nothing is heard twice. */
  #stand(leg: Leg, { audio, leg: terms }: Pick<LegTerms, 'audio' | 'leg'>, now: number): void {
    const before = this.#current.get(leg.agentId)
    this.#current.set(leg.agentId, leg)
    leg.endpoint = null
    this.#deps.toMedia({ type: 'open-agent', agentId: leg.agentId, serial: leg.serial, audio, leg: terms })
    if (before === undefined) return
    before.over = true
    this.#graces.cancel(before.engine.callId)
    this.#apply(before, before.engine.step({ kind: 'hang-up', reason: REASON.replaced }, now), now)
  }

  #apply(leg: Leg, effects: readonly CallEffect[], now: number): void {
    for (const effect of effects) this.#obey(leg, effect, now)
    const at = leg.engine.wakeAt()
    if (at < Infinity) this.#wakes.set(leg.engine.callId, at)
    else this.#wakes.cancel(leg.engine.callId)
  }

  #obey(leg: Leg, effect: CallEffect, now: number): void {
    switch (effect.kind) {
      case 'send': return leg.flow.send(effect.text)
      case 'answered': return leg.endpoint === null ? undefined : this.#onDeskAnswered(leg, effect.sdp, now)
      case 'renegotiated': return this.#onRenegotiated(leg, effect.sdp)
      case 'ended': return this.#onEnded(leg, effect)
      case 'done': return this.#forget(leg)
      default: return undefined
    }
  }

  /** A desk telephone that we called took the call. */
  #onDeskAnswered(leg: Leg, sdp: string, now: number): void {
    const terms = changedDeskTerms(sdp, leg.flow.source)
    const { endpoint } = leg
    if (endpoint === null || leg.over) return
    if (terms === null) return this.#end(leg, 'no-audio-agreed', REASON.ordinary)
    this.#stand(leg, { audio: terms.audio, leg: { kind: 'desk', endpoint: endpoint.index, remote: terms.remote, srtp: null } }, now)
  }

  #onRenegotiated(leg: Leg, sdp: string): void {
    const terms = leg.phone === 'desk' ? changedDeskTerms(sdp, leg.flow.source) : changedBrowserTerms(sdp)
    if (terms === null || this.#current.get(leg.agentId) !== leg) return
    this.#deps.toMedia({ type: 'agent-media', agentId: leg.agentId, serial: leg.serial, ...terms })
  }

  #onEnded(leg: Leg, ended: Ended): void {
    if (leg.over) return
    leg.over = true
    this.#leave(leg, reasonOf(ended))
  }

  /** Ends a leg from our side: for the media thread and the dialers now, for the telephone by a BYE on its way. */
  #end(leg: Leg, reason: string, bye: string): void {
    if (leg.over) return
    leg.over = true
    this.#leave(leg, reason)
    const now = performance.now()
    this.#apply(leg, leg.engine.step({ kind: 'hang-up', reason: bye }, now), now)
  }

  #leave(leg: Leg, reason: string): void {
    const { agentId, phone, serial } = leg
    this.#graces.cancel(leg.engine.callId)
    this.#giveBackEndpoint(leg)
    if (this.#current.get(agentId) === leg) {
      this.#current.delete(agentId)
      this.#deps.toMedia({ type: 'close-agent', agentId, serial, reason })
    } else if (this.#current.has(agentId)) return
    this.#deps.news.legDown(agentId, phone, reason)
  }

  #giveBackEndpoint(leg: Leg): void {
    if (leg.endpoint !== null) this.#deps.endpoints.giveBack(leg.endpoint)
    leg.endpoint = null
  }

  #moveTo(leg: Leg, flow: AgentFlow): void {
    leg.flow = flow
    this.#graces.cancel(leg.engine.callId)
  }

  #graceOver(callId: string): void {
    const leg = this.#byCallId.get(callId)
    if (leg !== undefined) this.#end(leg, 'socket-closed', REASON.lost)
  }

  #wake(callId: string, now: number): void {
    const leg = this.#byCallId.get(callId)
    if (leg === undefined) return
    try {
      this.#apply(leg, leg.engine.step({ kind: 'wake' }, now), now)
    } catch (error) {
      this.#deps.onError('a leg could not be woken', error)
    }
  }

  #forget(leg: Leg): void {
    if (this.#byCallId.get(leg.engine.callId) === leg) this.#byCallId.delete(leg.engine.callId)
  }
}

/** Both forms that telephones of different makers know. */
const AUTO_ANSWER = line('Alert-Info', '<http://loopline>;info=alert-autoanswer') + line('Call-Info', '<sip:desk@loopline>;answer-after=0')

const name = (): string => randomBytes(10).toString('hex')

/** A quoted string that needs no escapes and stays on its line, whatever the dialer's reason says. */
const plain = (text: string): string => text.replaceAll(/[^ -~]|["\\]/g, ' ').slice(0, 100)

function contactPlace(invite: SipRequest): string {
  const contact = parseNameAddr(headerList(invite, 'contact')[0] ?? '')
  return contact === null ? '' : placeOf(contact.uriText)
}

function placeOf(uriText: string): string {
  const uri = parseUri(uriText)
  return uri === null || !isSipUri(uri) ? '' : `${uri.user ?? ''}@${uri.host}`
}

function reasonOf({ by, cause, status }: Ended): string {
  if (by === 'remote') return 'hung-up'
  return by === 'rejected' ? `refused: ${status}` : cause
}
