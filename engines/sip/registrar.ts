import { readCount } from './header/cseq.ts'
import { parseNameAddr, type NameAddr } from './header/name-addr.ts'
import { quote, unquote } from './header/params.ts'
import { isSipUri, type SipUri } from './header/uri.ts'
import { branchOf } from './header/via.ts'
import { header, headerList, type SipRequest } from './message.ts'
import { line } from './serialise.ts'

/** One address under which an address of record is reached (RFC 3261 §10.3, RFC 5626 §6). Times: ms, monotonic. */
export interface Binding {
  /** The Contact URI as it came; requests are addressed to it. */
  readonly uri: string
  /** `+sip.instance` without quotes and brackets, or null: what stays the same over a reload or another network. */
  readonly instance: string | null
  readonly regId: number | null
  /** The connection or address that the REGISTER came by; requests go there, never where the URI points (RFC 5626 §5.3). */
  readonly flow: string
  readonly callId: string
  readonly cseq: number
  /** Of the REGISTER: the same again is a repetition. */
  readonly branch: string
  readonly expiresAt: number
}

export interface RegistrarLimits {
  readonly expiresMinS: number
  readonly expiresMaxS: number
  readonly expiresDefaultS: number
  readonly bindingsMax: number
}

export const REGISTRAR_LIMITS: RegistrarLimits = { expiresMinS: 60, expiresMaxS: 3_600, expiresDefaultS: 600, bindingsMax: 8 }

/** All bindings of one registrar, by address of record. Changed in place. */
export interface Registrar {
  readonly limits: RegistrarLimits
  readonly bindings: Map<string, Binding[]>
}

export function newRegistrar(limits: RegistrarLimits = REGISTRAR_LIMITS): Registrar {
  return { limits, bindings: new Map() }
}

/** What a REGISTER came to: the response to give, and whether the address of record was or is reachable. */
export interface Registered {
  readonly status: number
  /** Complete lines of the response. */
  readonly headers: string
  readonly bindings: readonly Binding[]
}

/**
 * Obeys a REGISTER of somebody whose right to this address of record is proven already (RFC 3261 §10.3 step 6 on). All of
 * its contacts are obeyed or none.
 *
 * @param flow the connection or address it came by
 */
export function register(registrar: Registrar, aor: string, { request, flow }: { request: SipRequest; flow: string }, now: number): Registered {
  const before = bindingsOf(registrar, aor, now)
  const contacts = headerList(request, 'contact')
  const wanted = contacts.includes('*') ? removeAll(contacts, request, before) : applyAll(registrar, { contacts, request, flow, before }, now)
  if ('status' in wanted) return { ...wanted, bindings: before }
  if (wanted.bindings.length === 0) registrar.bindings.delete(aor)
  else registrar.bindings.set(aor, wanted.bindings)
  return { status: 200, headers: acceptedLines(request, wanted.bindings, now), bindings: wanted.bindings }
}

/** Those that have not expired. */
export function bindingsOf(registrar: Registrar, aor: string, now: number): Binding[] {
  return (registrar.bindings.get(aor) ?? []).filter((binding) => binding.expiresAt > now)
}

/** Forgets what came by a connection that is closed: such a binding can never be reached again. Returns the addresses of record. */
export function dropFlow(registrar: Registrar, flow: string): string[] {
  return forget(registrar, (binding) => binding.flow === flow)
}

/** Forgets what has expired. Returns the addresses of record that lost a binding. */
export function expire(registrar: Registrar, now: number): string[] {
  return forget(registrar, (binding) => binding.expiresAt <= now)
}

function forget(registrar: Registrar, isGone: (binding: Binding) => boolean): string[] {
  const touched: string[] = []
  for (const [aor, bindings] of registrar.bindings) {
    const left = bindings.filter((binding) => !isGone(binding))
    if (left.length === bindings.length) continue
    touched.push(aor)
    if (left.length === 0) registrar.bindings.delete(aor)
    else registrar.bindings.set(aor, left)
  }
  return touched
}

type Refused = { readonly status: number; readonly headers: string }
type Wanted = Refused | { readonly bindings: Binding[] }

const refused = (status: number, headers = ''): Refused => ({ status, headers })

/** `Contact: *` must stand alone and with `Expires: 0` (§10.3 step 6); it too is bound to the order of one Call-ID. */
function removeAll(contacts: readonly string[], request: SipRequest, before: readonly Binding[]): Wanted {
  if (contacts.length !== 1 || header(request, 'expires') !== '0') return refused(400)
  const isLate = before.some((binding) => binding.callId === request.callId && binding.cseq >= request.cseq)
  return isLate ? refused(500) : { bindings: [] }
}

interface Asked {
  readonly contacts: readonly string[]
  readonly request: SipRequest
  readonly flow: string
  readonly before: readonly Binding[]
}

function applyAll(registrar: Registrar, { contacts, request, flow, before }: Asked, now: number): Wanted {
  let bindings = [...before]
  const branch = branchOf(header(request, 'via') as string)
  for (const text of contacts) {
    const contact = parseNameAddr(text)
    if (contact === null || !isSipUri(contact.uri)) return refused(400)
    const expiresS = expiresOf(contact, request, registrar.limits)
    if (expiresS === null) return refused(423, line('Min-Expires', String(registrar.limits.expiresMinS)))
    const identity = identityOf(contact)
    const known = bindings.find((binding) => isSame(binding, identity))
    if (known?.callId === request.callId && known.cseq >= request.cseq) {
      if (known.cseq === request.cseq && known.branch === branch) continue // the same REGISTER came twice
      return refused(500)                                  // §10.3 step 7: an older one came late
    }
    bindings = bindings.filter((binding) => binding !== known)
    if (expiresS === 0) continue
    const { uri, instance, regId } = identity
    bindings.push({ uri, instance, regId, flow, callId: request.callId, cseq: request.cseq, branch, expiresAt: now + expiresS * 1_000 })
  }
  return bindings.length > registrar.limits.bindingsMax ? refused(503, line('Retry-After', '60')) : { bindings }
}

/** Seconds: the contact's own, else the message's, else ours; 0 removes; null is too brief (§10.2.8). Malformed values count as absent (§10.2.1.1). */
function expiresOf(contact: NameAddr, request: SipRequest, limits: RegistrarLimits): number | null {
  const own = contact.params.get('expires')
  const asked = readCount(own ?? header(request, 'expires') ?? '', 2 ** 32) ?? limits.expiresDefaultS
  if (asked !== 0 && asked < limits.expiresMinS) return null
  return Math.min(asked, limits.expiresMaxS)
}

interface Identity {
  readonly uri: string
  readonly place: string
  readonly instance: string | null
  readonly regId: number | null
}

/** RFC 5626 §6: reg-id means something only beside an instance. */
function identityOf(contact: NameAddr): Identity {
  const instance = contact.params.get('+sip.instance')
  const regId = instance === undefined ? null : readCount(contact.params.get('reg-id') ?? '', 2 ** 31)
  return {
    uri: contact.uriText, place: placeOf(contact.uri as SipUri), regId: regId === 0 ? null : regId,
    instance: instance === undefined ? null : unquote(instance).replace(/^<|>$/g, ''),
  }
}

/** An instance names the telephone, whatever address it has now; without one the address does (RFC 3261 §19.1.4, as far as it matters here). */
function isSame(binding: Binding, identity: Identity): boolean {
  if (binding.instance !== null || identity.instance !== null) return binding.instance === identity.instance && binding.regId === identity.regId
  const known = parseNameAddr(`<${binding.uri}>`)
  return known !== null && isSipUri(known.uri) && placeOf(known.uri) === identity.place
}

const placeOf = ({ user, host, port }: SipUri): string => `${user ?? ''}@${host.toLowerCase()}:${port ?? ''}`

/** The 200's lines: every binding with its remaining time, parameters as the telephone gave them so that it finds itself again. */
function acceptedLines(request: SipRequest, bindings: readonly Binding[], now: number): string {
  const contacts = bindings.map((binding) => line('Contact', formatBinding(binding, now))).join('')
  const isOutbound = bindings.some(({ regId }) => regId !== null) && headerList(request, 'supported').includes('outbound')
  return contacts + (isOutbound ? line('Require', 'outbound') : '') // RFC 5626 §6: says that reg-id was understood
}

function formatBinding({ uri, instance, regId, expiresAt }: Binding, now: number): string {
  const expiresS = Math.max(1, Math.ceil((expiresAt - now) / 1_000))
  return `<${uri}>` + (instance === null ? '' : `;+sip.instance=${quote(`<${instance}>`)}`) + (regId === null ? '' : `;reg-id=${regId}`) + `;expires=${expiresS}`
}
