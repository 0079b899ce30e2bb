import { acceptChallenge, newAuthorisation, proofLines, type Authorisation } from './authorisation.ts'
import { isOver, isPending, isResponseTo, sendRequest, stepClient, wakeAtOf, type ClientRequest } from './client-request.ts'
import type { Credentials } from './digest.ts'
import { parseNameAddr } from './header/name-addr.ts'
import { isSipUri } from './header/uri.ts'
import { header, headerList, type SipResponse } from './message.ts'
import { isReliable, line } from './serialise.ts'
import { newWire, type Wire } from './wire.ts'

/** How we are known to a registrar of somebody else's: one binding, kept up (RFC 3261 §10.2). */
export interface RegistrationSettings {
  readonly callId: string
  readonly fromTag: string
  readonly branchSeed: string
  /** Whom it is for, `sip:user@domain`, and where it is asked for, `sip:domain`. */
  readonly addressOfRecord: string
  readonly registrar: string
  /** `sip:user@host:port`, where we are. */
  readonly contact: string
  /** As in Via. */
  readonly sentBy: string
  readonly expiresS: number
  readonly credentials: Credentials
}

/** `waiting`: was refused or not answered, and is asked for again at its time. */
export type RegistrationState = 'registering' | 'registered' | 'waiting'

export interface Registration {
  readonly settings: RegistrationSettings
  state: RegistrationState
  /** Why it is not registered: `registration-refused: 403`, `registration-unanswered`; null while nothing was said yet, or all is well. */
  reason: string | null
  readonly wire: Wire
  readonly authorisation: Authorisation
  request: ClientRequest | null
  cseq: number
  expiresS: number
  /** When to ask next; Infinity while a request is on its way. */
  dueAt: number
  /** Until when the registrar keeps the binding. */
  boundUntil: number
  failures: number
}

export type RegistrationInput = { readonly kind: 'wake' } | { readonly kind: 'response'; readonly response: SipResponse } | { readonly kind: 'refresh' } | { readonly kind: 'leave' }

/** A registrar that is asked too often locks an account out. */
const AGAIN_MS = [2_000, 5_000, 15_000, 30_000, 60_000, 300_000]
/** Of its life, after which a binding is renewed: a lost refresh can be repeated in the rest. */
const RENEW_AT = 0.7
const EXPIRES_MAX_S = 86_400

/** The first REGISTER is due at once. Times: ms, monotonic. */
export function newRegistration(settings: RegistrationSettings, now: number): Registration {
  return {
    settings, state: 'registering', reason: null, wire: newWire(isReliable(settings.sentBy)), authorisation: newAuthorisation(settings.credentials), request: null, cseq: 0,
    expiresS: settings.expiresS, dueAt: now, boundUntil: -Infinity, failures: 0,
  }
}

export function registrationWakeAt({ request, dueAt, boundUntil, state }: Registration): number {
  const ends = state === 'registered' ? boundUntil : Infinity
  return Math.min(request === null ? Infinity : wakeAtOf(request), dueAt, ends)
}

/** Takes what came or that it is time; what is to be sent, in order. */
export function stepRegistration(registration: Registration, input: RegistrationInput, now: number): string[] {
  switch (input.kind) {
    case 'response': onResponse(registration, input.response, now); break
    case 'wake': onWake(registration, now); break
    case 'refresh': ask(registration, now); break
    // No challenge to it is answered: nobody waits for a line that is gone.
    case 'leave': send(registration, { expiresS: 0, challenges: 0 }, now); break
  }
  const { effects } = registration.wire
  registration.wire.effects = []
  return effects.flatMap((effect) => (effect.kind === 'send' ? [effect.text] : []))
}

function onWake(registration: Registration, now: number): void {
  const { request } = registration
  if (request !== null && now >= wakeAtOf(request)) {
    const outcome = stepClient(request, { kind: 'wake' }, null, now, registration.wire)
    if (outcome === 'timed-out') fail(registration, 'registration-unanswered', now)
    else if (isOver(request)) registration.request = null
  }
  if (registration.state === 'registered' && now >= registration.boundUntil) Object.assign(registration, { state: 'waiting', reason: 'registration-unanswered' })
  if (now >= registration.dueAt) ask(registration, now)
}

function ask(registration: Registration, now: number): void {
  if (registration.request !== null && isPending(registration.request)) return
  send(registration, { expiresS: registration.expiresS, challenges: 0 }, now)
}

function send(registration: Registration, { expiresS, challenges }: { expiresS: number; challenges: number }, now: number): void {
  const { settings, authorisation, wire } = registration
  registration.cseq += 1
  registration.dueAt = Infinity
  registration.request = sendRequest({
    method: 'REGISTER', uri: settings.registrar, sentBy: settings.sentBy, branch: `z9hG4bK${settings.branchSeed}-${registration.cseq}`,
    from: `<${settings.addressOfRecord}>;tag=${settings.fromTag}`, to: `<${settings.addressOfRecord}>`, callId: settings.callId, cseq: registration.cseq, route: '', hop: null,
    headers: line('Contact', `<${settings.contact}>`) + line('Expires', String(expiresS)) + proofLines(authorisation, 'REGISTER', settings.registrar), body: '', challenges,
  }, now, wire)
}

function onResponse(registration: Registration, response: SipResponse, now: number): void {
  const { request } = registration
  if (request === null || !isResponseTo(request, response)) return
  if (stepClient(request, { kind: 'response', status: response.status }, response, now, registration.wire) !== 'deliver' || response.status < 200) return
  if (response.status < 300) return registered(registration, response, now)
  if (acceptChallenge(registration.authorisation, response, request.challenges)) return send(registration, { expiresS: registration.expiresS, challenges: request.challenges + 1 }, now)
  const least = Number(header(response, 'min-expires') ?? '')
  if (response.status === 423 && least > registration.expiresS && least <= EXPIRES_MAX_S) {
    registration.expiresS = least // RFC 3261 §10.2.8
    return send(registration, { expiresS: least, challenges: request.challenges }, now)
  }
  fail(registration, `registration-refused: ${response.status}`, now)
}

function registered(registration: Registration, response: SipResponse, now: number): void {
  const lifeMs = grantedS(registration, response) * 1_000
  Object.assign(registration, { state: 'registered', reason: null, failures: 0, boundUntil: now + lifeMs, dueAt: now + lifeMs * RENEW_AT })
}

/** What the registrar gave our binding: in its Contact, in Expires, or what was asked for (§10.2.4). */
function grantedS({ settings, expiresS }: Registration, response: SipResponse): number {
  const own = headerList(response, 'contact').map(parseNameAddr).find((contact) => contact !== null && isSipUri(contact.uri) && contact.uriText.startsWith(settings.contact))
  const given = Number(own?.params.get('expires') ?? header(response, 'expires') ?? expiresS)
  return Number.isInteger(given) && given > 0 ? Math.min(given, EXPIRES_MAX_S) : expiresS
}

/** A binding that stands goes on to its end: only then is the line without one. */
function fail(registration: Registration, reason: string, now: number): void {
  const againMs = AGAIN_MS[Math.min(registration.failures, AGAIN_MS.length - 1)] as number
  registration.failures += 1
  registration.dueAt = now + againMs
  const stands = registration.state === 'registered' && now < registration.boundUntil && reason === 'registration-unanswered'
  if (!stands) Object.assign(registration, { state: 'waiting', reason })
}
