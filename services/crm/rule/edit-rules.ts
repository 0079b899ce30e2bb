import type { z } from 'zod'
import { keyOf, makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import { failed } from '@loopline/http/coded-error'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Transaction } from '@loopline/postgres/queryable'
import type { EditMapping, EditRule, RuleBookView } from '@loopline/contracts/rule'
import type { RulesChanged } from '@loopline/contracts/rule-event'
import type { Deps } from '../deps.ts'
import { crmError } from '../errors.ts'
import { readRuleBook } from './rule-book.ts'
import { lockBook, rulesInOrder, saveBookVersion, saveMapping, switchRule } from './rule.sql.ts'
import { viewBook } from './view-rules.ts'

type BookView = z.infer<typeof RuleBookView>

/** The book is one thing with one key, so that its versions stay in order. */
const BOOK_KEY = keyOf('crm.rule')

/** Changes what each level is worth on the dial list. `version` is the book's. @throws VERSION_CONFLICT */
export function editMapping(deps: Deps, { version, priorityByLevel }: z.infer<typeof EditMapping>): Promise<BookView> {
  return inTransaction(deps.db, async (transaction) => {
    await lockAtVersion(transaction, version)
    await saveMapping(transaction, version + 1, priorityByLevel)
    await announceBook(deps, transaction)
    return viewBook(transaction)
  })
}

/** Switches one rule on or off. `version` is the rule's. @throws RULE_NOT_FOUND · VERSION_CONFLICT */
export function editRule(deps: Deps, id: string, { version, enabled }: z.infer<typeof EditRule>): Promise<BookView> {
  return inTransaction(deps.db, async (transaction) => {
    const book = await lockBook(transaction)
    const rule = (await rulesInOrder(transaction)).find((candidate) => candidate.id === id)
    if (!book || !rule) throw crmError('RULE_NOT_FOUND')
    if (rule.version !== version) throw failed('VERSION_CONFLICT', await viewBook(transaction))
    await switchRule(transaction, id, enabled)
    await saveBookVersion(transaction, book.version + 1)
    await announceBook(deps, transaction)
    return viewBook(transaction)
  })
}

async function lockAtVersion(transaction: Transaction, version: number): Promise<void> {
  const book = await lockBook(transaction)
  if (book?.version !== version) throw failed('VERSION_CONFLICT', await viewBook(transaction))
}

/** Tells the others of the whole book, in the transaction of its change. */
export async function announceBook(deps: Deps, transaction: Transaction): Promise<void> {
  const book = await readRuleBook(transaction)
  await publish(transaction, deps.notifier, [makeEvent<RulesChanged>({
    type: 'crm.rule.changed', key: BOOK_KEY, sequence: book.version, time: deps.clock.now(), data: book,
  })])
}
