import { inTransaction } from '@loopline/postgres/transaction'
import { DEFAULT_RULES } from '@loopline/rules/default-pack'
import { DEFAULT_PRIORITY_BY_LEVEL } from '@loopline/rules/priority'
import type { RuleId } from '@loopline/vocabulary/ids'
import type { Deps } from '../deps.ts'
import { announceBook } from './edit-rules.ts'
import { insertBook, insertRule } from './rule.sql.ts'

/** Writes the default rules into a new database, once; what people changed since stays. */
export async function seedRules(deps: Deps): Promise<void> {
  await inTransaction(deps.db, async (transaction) => {
    if (!(await insertBook(transaction, DEFAULT_PRIORITY_BY_LEVEL))) return
    for (const [index, rule] of DEFAULT_RULES.entries()) {
      await insertRule(transaction, { ...rule, id: rule.id as RuleId, version: 1, position: (index + 1) * 10, enabled: true, actions: [...rule.actions] })
    }
    await announceBook(deps, transaction)
  })
}
