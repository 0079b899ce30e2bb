import type { UserId } from '@loopline/vocabulary/ids'
import type { CustomerRow, PhoneRow } from '../customer/customer-row.ts'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import type { Effect } from './act-on-rules.ts'

/** A customer after what rules did because of corrected calls is undone. */
export interface Undone {
  row: CustomerRow
  phones: PhoneRow[]
  /** Phones that may be dialled again. */
  revived: string[]
  /** The corrected attempts of this customer. */
  causes: string[]
}

interface Detail { from?: unknown; to?: unknown; phoneId?: string; ownerId?: string; before?: { ownerId: UserId | null; teamId: CustomerRow['teamId'] } }

/**
 * Undoes, newest first, what the rule items of `story` say was done because of one of `attemptIds`, each only where it
 * still stands: what people or other calls changed since is theirs. `given` counts who lost or got back the customer.
 */
export function undoEffects(customer: Pick<Undone, 'row' | 'phones'>, story: readonly TimelineRow[], attemptIds: ReadonlySet<string>, given: Map<UserId, number>): Undone {
  const undone: Undone = { ...customer, revived: [], causes: story.filter(({ kind, id }) => kind === 'call' && attemptIds.has(id)).map(({ id }) => id) }
  const done = story.filter(({ kind }) => kind === 'rule').toReversed().flatMap(({ body }) => {
    const attemptId = (body['cause'] as { attemptId?: string } | undefined)?.attemptId ?? ''
    return ((body['effects'] as Effect[] | undefined) ?? []).filter(({ result }) => result === 'done').toReversed().map((effect) => ({ attemptId, effect }))
  })
  for (const { attemptId, effect } of done) if (attemptIds.has(attemptId)) undo(undone, effect, given)
  if (undone.revived.length === 0 || undone.row.status !== 'invalid') return undone
  // `invalid` means that no number works: whichever call said the last word, it is no longer so.
  const lastWord = done.find(({ effect }) => effect.kind === 'set-status' && (effect.detail as Detail).to === 'invalid')
  if (lastWord) undo(undone, lastWord.effect, given)
  return undone
}

function undo(undone: Undone, { kind, detail }: Effect, given: Map<UserId, number>): void {
  const { from, to, phoneId, ownerId, before } = (detail ?? {}) as Detail
  const { row } = undone
  switch (kind) {
    case 'set-status': if (row.status === to) undone.row = { ...row, status: from as CustomerRow['status'] }; return
    case 'set-intent': if (row.intent === to) undone.row = { ...row, intent: from as CustomerRow['intent'] }; return
    case 'add-tag': undone.row = { ...row, tags: row.tags.filter((tag) => (from as string[]).includes(tag) || !(to as string[]).includes(tag)) }; return
    case 'pause-follow-up':
      if (row.followUpPausedUntil?.toISOString() === to) undone.row = { ...row, followUpPausedUntil: from === null ? null : new Date(from as string) }
      return
    case 'never-dial': return revive(undone, phoneId)
    case 'assign':
      if (!before || row.ownerId !== ownerId) return
      count(given, row.ownerId, -1)
      count(given, before.ownerId, 1)
      undone.row = { ...row, ...before }
      return
    default: // the dialer's: they left nothing on the record
  }
}

function revive(undone: Undone, phoneId: string | undefined): void {
  const phone = undone.phones.find((candidate) => candidate.phoneId === phoneId)
  if (phone?.state !== 'invalid') return
  undone.phones = undone.phones.map((other) => (other === phone ? { ...phone, state: 'usable' } : other))
  undone.revived.push(phone.phoneId)
}

function count(given: Map<UserId, number>, userId: UserId | null, by: number): void {
  if (userId !== null) given.set(userId, (given.get(userId) ?? 0) + by)
}
