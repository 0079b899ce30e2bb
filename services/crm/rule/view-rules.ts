import type { z } from 'zod'
import { describe } from '@loopline/conditions/describe'
import { parseCondition } from '@loopline/conditions/parse-condition'
import { describeRule } from '@loopline/rules/describe-rule'
import { parseAction } from '@loopline/rules/parse-action'
import type { RuleAction } from '@loopline/vocabulary/rule-actions'
import { assert } from '@loopline/vocabulary/assert'
import { RULE_FIELDS } from '@loopline/contracts/rule-fields'
import type { RuleBookView, RuleView } from '@loopline/contracts/rule'
import type { Queryable } from '@loopline/postgres/queryable'
import { LABELS } from './field-labels.ts'
import { bookRow, rulesInOrder } from './rule.sql.ts'
import type { RuleRow } from './rule.sql.ts'

/** The rules as people read them: each with its sentence in both languages. */
export async function viewBook(q: Queryable): Promise<z.infer<typeof RuleBookView>> {
  const book = await bookRow(q)
  assert(book, 'the rule book is written before anything reads it')
  return { version: book.version, rules: (await rulesInOrder(q)).map(viewRule), priorityByLevel: book.priorityByLevel }
}

function viewRule({ position, ...rule }: RuleRow): RuleView {
  return { ...rule, order: position, sentence: { zh: sentenceOf(rule, 'zh'), en: sentenceOf(rule, 'en') } }
}

function sentenceOf({ when, condition, actions, stop }: Omit<RuleRow, 'position'>, language: 'zh' | 'en'): string {
  const parsed = parseCondition(condition, RULE_FIELDS[when])
  if (!parsed.ok) return ''
  const readable = actions.map(parseAction).flatMap((action): RuleAction[] => (action.ok ? [action.action] : []))
  return describeRule({ when, actions: readable, stop }, language, { condition: describe(parsed.condition, language, LABELS[language]) })
}
