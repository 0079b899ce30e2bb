import type { RuleAction } from '@loopline/vocabulary/rule-actions'
import type { RuleId, UserId } from '@loopline/vocabulary/ids'
import type { CustomerRow, PhoneRow } from '../customer/customer-row.ts'
import type { Seller } from '../team/team.sql.ts'

/** A customer while a batch is applied to it. */
export interface Working {
  row: CustomerRow
  phones: PhoneRow[]
  changed: boolean
  /** Phones found not to exist in this batch. */
  deadPhoneIds: string[]
  /** Rules that led to what is changed, oldest first, those before the call included. */
  causation: RuleId[]
  /** A rule changed something: the customer moves up in lists, as by a person's edit. */
  ruled: boolean
}

/** What an action met: the call's phone and instant, and the people who can be given customers. */
export interface Occasion {
  phoneId: string | null
  at: Date
  sellers: Seller[]
  /** Customers given to each in this transaction. */
  given: Map<UserId, number>
}

/** What came of one action; `none` when everything already was as it wants. */
export type Effect = { kind: RuleAction['kind']; result: 'done' | 'none' | 'nobody-senior' | 'unknown-person' | 'other-phone-works'; detail?: unknown }

const DAY_MS = 86_400_000

/** Carries out one action of crm's on the working copy. */
export function carryOut(working: Working, action: RuleAction, occasion: Occasion): Effect {
  const { row } = working
  switch (action.kind) {
    case 'set-status': return setStatus(working, action.status)
    case 'set-intent': return set(working, action.kind, 'intent', action.intent)
    case 'never-dial': return neverDial(working, occasion.phoneId)
    case 'assign': return assign(working, action.to, occasion)
    case 'pause-follow-up': {
      const until = new Date(occasion.at.getTime() + action.days * DAY_MS)
      if (row.followUpPausedUntil !== null && row.followUpPausedUntil >= until) return { kind: action.kind, result: 'none' }
      return set(working, action.kind, 'followUpPausedUntil', until)
    }
    case 'add-tag': return row.tags.includes(action.tag) ? { kind: action.kind, result: 'none' } : set(working, action.kind, 'tags', [...row.tags, action.tag])
    default: return { kind: action.kind, result: 'none' }
  }
}

function set<Key extends keyof CustomerRow>(working: Working, kind: Effect['kind'], key: Key, value: CustomerRow[Key]): Effect {
  if (working.row[key] === value) return { kind, result: 'none' }
  const from = working.row[key]
  working.row = { ...working.row, [key]: value }
  return { kind, result: 'done', detail: { from, to: value } }
}

/** `invalid` means that no number works: while another one may, the customer stays as it is. */
function setStatus(working: Working, status: CustomerRow['status']): Effect {
  const anotherWorks = working.phones.some((phone) => phone.state === 'usable' && !working.deadPhoneIds.includes(phone.phoneId))
  if (status === 'invalid' && anotherWorks && working.deadPhoneIds.length > 0) return { kind: 'set-status', result: 'other-phone-works' }
  return set(working, 'set-status', 'status', status)
}

function neverDial(working: Working, phoneId: string | null): Effect {
  const phone = working.phones.find((candidate) => candidate.phoneId === phoneId)
  if (!phone || phone.state === 'invalid') return { kind: 'never-dial', result: 'none' }
  working.phones = working.phones.map((other) => (other === phone ? { ...phone, state: 'invalid' } : other))
  if (!working.deadPhoneIds.includes(phone.phoneId)) working.deadPhoneIds.push(phone.phoneId)
  return { kind: 'never-dial', result: 'done', detail: { phoneId } }
}

function assign(working: Working, to: string, { sellers, given }: Occasion): Effect {
  const owner = sellers.find((seller) => seller.userId === working.row.ownerId)
  if (to === 'senior-seller' && owner?.skills.includes('senior')) return { kind: 'assign', result: 'none' }
  const seller = to === 'senior-seller' ? leastAssigned(sellers.filter(({ skills }) => skills.includes('senior'))) : sellers.find(({ userId }) => userId === to)
  if (!seller) return { kind: 'assign', result: to === 'senior-seller' ? 'nobody-senior' : 'unknown-person' }
  if (seller.userId === working.row.ownerId) return { kind: 'assign', result: 'none' }
  move(given, sellers, working.row.ownerId, -1)
  move(given, sellers, seller.userId, 1)
  const before = { ownerId: working.row.ownerId, teamId: working.row.teamId }
  working.row = { ...working.row, ownerId: seller.userId, teamId: seller.teamId }
  return { kind: 'assign', result: 'done', detail: { ownerId: seller.userId, name: seller.name, before } }
}

/** Fairest first; among equals the smallest id, so that a repeated run decides alike. */
function leastAssigned(candidates: readonly Seller[]): Seller | undefined {
  return candidates.toSorted((a, b) => a.assignedCount - b.assignedCount || (a.userId < b.userId ? -1 : 1))[0]
}

function move(given: Map<UserId, number>, sellers: Seller[], userId: UserId | null, by: number): void {
  if (userId === null) return
  given.set(userId, (given.get(userId) ?? 0) + by)
  const seller = sellers.find((candidate) => candidate.userId === userId)
  if (seller) seller.assignedCount += by
}

