/**
 * An ICE-lite agent (RFC 8445 §2.5) for one session with one component: it answers the checks of a full agent, follows
 * its nominations, and knows from the checks whether the other side still wants our packets. Times: ms, monotonic.
 *
 * Unlike RFC 8489 §9.1.3 it is silent where the sender does not know the password: no browser needs the 400 or 401, and
 * who only guesses learns nothing and gets nothing reflected.
 */
import { sameAddress, type Address } from './address.ts'
import { answerError, answerSuccess } from './stun-answer.ts'
import { BINDING, hasIntegrity, type HmacSha1, type StunMessage } from './stun-message.ts'

export interface IceSettings {
  /** Our ice-ufrag and ice-pwd, as our SDP says them. */
  readonly ufrag: string
  readonly password: string
  /** Their ice-ufrag. */
  readonly remoteUfrag: string
  /** Without a valid check for so long consent is lost (RFC 7675 §5.1 says 30 s; Chromium checks about every 2.5 s). */
  readonly consentMs: number
  readonly hmacSha1: HmacSha1
}

export type IceState = 'waiting' | 'connected' | 'lost'

export interface IceAgent {
  readonly settings: IceSettings
  readonly key: Uint8Array
  state: IceState
  /** Where to send; null before the first valid check. */
  selected: Address | null
  isNominated: boolean
  /** Addresses that proved to know the password, the latest last: DTLS and media are heard from no others. */
  proven: Address[]
  consentUntil: number
  /** Transactions by id and the address they came from, the latest last: one heard again from elsewhere is a replay. */
  transactions: Map<string, Address>
}

export type IceInput =
  /** `bytes` is the datagram that `message` was parsed from. */
  | { kind: 'check'; message: StunMessage; bytes: Uint8Array; from: Address }
  | { kind: 'wake' }

export type IgnoredCheck = 'not-a-check' | 'no-fingerprint' | 'wrong-username' | 'wrong-integrity' | 'replayed'

export type IceEffect =
  | { kind: 'send'; bytes: Uint8Array; to: Address }
  /** From now on datagrams from there belong to this session. */
  | { kind: 'proven'; address: Address }
  /** No longer heard: there were too many of them. */
  | { kind: 'forgotten'; address: Address }
  /** Our packets go there from now on: the first address, a nominated one, or one after a change of network. */
  | { kind: 'selected'; address: Address }
  /** Stop sending: consent has expired. A later valid check selects again. */
  | { kind: 'lost' }
  /** Counted by the driver; never answered. */
  | { kind: 'ignored'; why: IgnoredCheck }

/** A laptop has few networks; two NAT bindings each. */
const PROVEN_MAX = 8
/** Some twenty minutes of checks. */
const TRANSACTIONS_MAX = 512

export function openIce(settings: IceSettings, now: number): IceAgent {
  return {
    settings,
    key: Uint8Array.from(settings.password, (character) => character.charCodeAt(0)),
    state: 'waiting', selected: null, isNominated: false, proven: [], consentUntil: now + settings.consentMs, transactions: new Map(),
  }
}

/** When to call `step` with a wake. */
export const wakeAt = (agent: IceAgent): number => (agent.state === 'lost' ? Infinity : agent.consentUntil)

/** Whose session a check is for: the part of USERNAME before the colon is the receiver's ufrag (RFC 8445 §7.2.2). */
export function ufragOf(message: StunMessage): string | null {
  const colon = message.username?.indexOf(':') ?? -1
  return colon < 1 ? null : (message.username as string).slice(0, colon)
}

/** Whether datagrams that are not STUN may be taken from there. */
export const isProven = (agent: IceAgent, address: Address): boolean => agent.proven.some((each) => sameAddress(each, address))

export function step(agent: IceAgent, input: IceInput, now: number): IceEffect[] {
  if (input.kind === 'wake') return onWake(agent, now)
  const why = refusal(agent, input)
  return why === null ? onCheck(agent, input, now) : [{ kind: 'ignored', why }]
}

function onWake(agent: IceAgent, now: number): IceEffect[] {
  if (agent.state === 'lost' || now < agent.consentUntil) return []
  agent.state = 'lost'
  return [{ kind: 'lost' }]
}

type Check = Extract<IceInput, { kind: 'check' }>

/** The cheap questions first; the transaction is remembered only once it is known to be theirs. */
function refusal({ settings, key, transactions }: IceAgent, { message, bytes, from }: Check): IgnoredCheck | null {
  if (message.class !== 'request' || message.method !== BINDING) return 'not-a-check'
  if (!message.hasFingerprint) return 'no-fingerprint'
  if (message.username !== `${settings.ufrag}:${settings.remoteUfrag}`) return 'wrong-username'
  if (!hasIntegrity(bytes, message, key, settings.hmacSha1)) return 'wrong-integrity'
  const earlier = transactions.get(idOf(message))
  return earlier === undefined || sameAddress(earlier, from) ? null : 'replayed'
}

function onCheck(agent: IceAgent, { message, from }: Check, now: number): IceEffect[] {
  const context = { request: message, key: agent.key, hmacSha1: agent.settings.hmacSha1 }
  remember(agent.transactions, idOf(message), from)
  if (message.unknownAttributes.length > 0) return [{ kind: 'send', bytes: answerError(context, 420), to: from }]
  // A lite agent is always controlled, so whoever says the same has to change, whatever the tie-breakers (§6.1.1).
  if (message.role === 'controlled') return [{ kind: 'send', bytes: answerError(context, 487), to: from }]
  const bytes = answerSuccess(context, from)
  if (bytes === null) return [{ kind: 'ignored', why: 'not-a-check' }]
  return [{ kind: 'send', bytes, to: from }, ...prove(agent, from), ...select(agent, { from, isNominating: message.useCandidate }, now)]
}

function prove(agent: IceAgent, from: Address): IceEffect[] {
  if (isProven(agent, from)) return []
  agent.proven.push(from)
  const effects: IceEffect[] = [{ kind: 'proven', address: from }]
  if (agent.proven.length <= PROVEN_MAX) return effects
  const oldest = agent.proven.findIndex((each) => agent.selected === null || !sameAddress(each, agent.selected))
  return [...effects, ...agent.proven.splice(oldest, 1).map((address): IceEffect => ({ kind: 'forgotten', address }))]
}

/**
 * The latest nomination wins: Chromium nominates the pair that it uses, with each check, and another after a change of
 * network. Before the first nomination we answer where the first check came from, which lets DTLS begin at once.
 */
function select(agent: IceAgent, { from, isNominating }: { from: Address; isNominating: boolean }, now: number): IceEffect[] {
  const isCurrent = agent.selected !== null && sameAddress(agent.selected, from)
  const isFree = agent.selected === null || agent.state === 'lost'
  if (!isCurrent && !isFree && !isNominating) return []
  const isNews = !isCurrent || agent.state === 'lost'
  agent.isNominated ||= isNominating
  agent.selected = from
  agent.state = 'connected'
  agent.consentUntil = now + agent.settings.consentMs
  return isNews ? [{ kind: 'selected', address: from }] : []
}

function remember(transactions: Map<string, Address>, id: string, from: Address): void {
  transactions.set(id, from)
  if (transactions.size <= TRANSACTIONS_MAX) return
  const [oldest] = transactions.keys()
  if (oldest !== undefined) transactions.delete(oldest)
}

const idOf = ({ transactionId }: StunMessage): string => String.fromCharCode(...transactionId)
