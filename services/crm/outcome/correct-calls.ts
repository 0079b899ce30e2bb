import { newId } from '@loopline/clock/new-id'
import { publish } from '@loopline/event-log/outbox'
import type { Transaction } from '@loopline/postgres/queryable'
import type { UserId } from '@loopline/vocabulary/ids'
import type { CallCorrectedEvent, CallEnded } from '@loopline/contracts/call-event'
import { customerChanged } from '../customer/announce.ts'
import { changesBetween } from '../customer/changes.ts'
import { byCustomer } from '../customer/customer-row.ts'
import type { CustomerRow } from '../customer/customer-row.ts'
import { lockCustomers, phonesOf } from '../customer/customer.sql.ts'
import { revivePhones } from '../customer/phone.sql.ts'
import type { Deps } from '../deps.ts'
import { countAssigned } from '../team/team.sql.ts'
import { insertTimeline } from '../timeline/timeline.sql.ts'
import type { TimelineRow } from '../timeline/timeline.sql.ts'
import { applyCall } from './apply-call.ts'
import type { CallFacts } from './apply-call.ts'
import { markCorrected, storiesOf } from './correction.sql.ts'
import { undoEffects } from './undo-rules.ts'
import type { Undone } from './undo-rules.ts'
import { saveOutcomes } from './outcome.sql.ts'

/**
 * Takes back in one act what calls of a broken line did to their customers: the item says line-failed and what it said
 * before, call facts are counted again without it, and what rules did because of it is undone where nobody changed it
 * since. A correction told again finds its item marked and changes nothing (P9).
 */
export async function correctCalls(deps: Deps, transaction: Transaction, corrections: readonly CallCorrectedEvent[]): Promise<void> {
  if (corrections.length === 0) return
  const marked = await markCorrected(transaction, corrections.map(({ data }) => data))
  if (marked.size === 0) return
  const ids = [...new Set(corrections.filter(({ data }) => marked.has(data.attemptId)).map(({ data }) => data.customerId))]
  const rows = (await lockCustomers(transaction, ids)).filter((row) => !row.deleted)
  const phones = byCustomer(await phonesOf(transaction, ids))
  const stories = byCustomer(await storiesOf(transaction, ids))
  const given = new Map<UserId, number>()
  const undone = rows.map((row) => {
    const story = stories.get(row.customerId) ?? []
    const before = { ...row, ...recounted(row, story) }
    return { before, ...undoEffects({ row: before, phones: phones.get(row.customerId) ?? [] }, story, marked, given) }
  })
  await write(deps, transaction, undone, given)
}

type Corrected = Undone & { before: CustomerRow }

async function write(deps: Deps, transaction: Transaction, corrected: readonly Corrected[], given: ReadonlyMap<UserId, number>): Promise<void> {
  const now = new Date(deps.clock.now())
  const saved = corrected.map(({ before, row, phones, revived, causes }) => {
    const changes = changesBetween(before, row, { added: [], removed: 0 })
    const isShown = Object.keys(changes).length > 0
    const next: CustomerRow = { ...row, version: row.version + 1, updatedAt: now, touchedAt: isShown ? now : row.touchedAt }
    const item: TimelineRow = { customerId: row.customerId, id: newId(), at: now, kind: 'edit', actorId: null, actorName: null, body: { changes, cause: { corrected: causes } } }
    return { next, phones, revived, items: isShown ? [item] : [] }
  })
  await insertTimeline(transaction, saved.flatMap(({ items }) => items))
  await saveOutcomes(transaction, saved.map(({ next }) => next))
  await revivePhones(transaction, saved.flatMap(({ next, revived }) => revived.map((phoneId) => ({ customerId: next.customerId, phoneId }))))
  await countAssigned(transaction, given)
  await publish(transaction, deps.notifier, saved.map(({ next, phones }) => customerChanged(next, phones)))
}

const NEVER_CALLED: CallFacts = { lastOutcome: null, lastCalledAt: null, lastFollowUpAt: null, noAnswerStreak: 0, rejectedCount: 0, attemptCount: 0 }

/** The call facts by the calls on the timeline, in their order. Only answers move the last follow-up, and those stand. */
function recounted({ lastFollowUpAt }: CustomerRow, story: readonly TimelineRow[]): CallFacts {
  const calls = story.filter(({ kind }) => kind === 'call').map(({ body }) => body as unknown as CallEnded)
  const facts = calls.reduce((before, call) => applyCall(before, call) ?? before, NEVER_CALLED)
  return { ...facts, lastFollowUpAt }
}
