import { testOfNull } from './condition.ts'
import type { Condition, Leaf, Scalar } from './condition.ts'
import { PHRASES } from './phrases.ts'
import type { Language, Phrases } from './phrases.ts'

/** How fields and their values are called on the screen; what is missing stands under its own name. */
export interface Labels {
  readonly fields?: Readonly<Record<string, string>>
  /** Field name to value to label. */
  readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** How an instant (ms) is written, in the reader's zone; ISO 8601 in UTC without it. */
  readonly instant?: (unixMs: number) => string
}

/** A condition as a sentence without a full stop: "level is A and last follow-up is more than 7 days ago". */
export function describe(condition: Condition, language: Language, labels: Labels = {}): string {
  return sentence(condition, PHRASES[language], labels, false)
}

function sentence(condition: Condition, phrases: Phrases, labels: Labels, inside: boolean): string {
  switch (condition.kind) {
    case 'leaf': return leafPhrase(condition, phrases, labels)
    case 'not': return phrases.not(sentence(condition.of, phrases, labels, false))
    case 'all': case 'any': {
      if (condition.of.length === 0) return phrases.everyone
      const one = condition.of.length === 1
      const parts = condition.of.map((part) => sentence(part, phrases, labels, inside || !one))
      return inside && !one ? phrases.bracket(parts.join(phrases[condition.kind])) : parts.join(phrases[condition.kind])
    }
  }
}

function leafPhrase(leaf: Leaf, phrases: Phrases, labels: Labels): string {
  const { test } = leaf
  const field = labels.fields?.[leaf.name] ?? leaf.name
  const [plain, negated] = phrases.tests[variant(leaf)] ?? phrases.tests[test.op] ?? [test.op, `not ${test.op}`]
  const fill = (_: string, slot: string): string => slotText(leaf, slot, phrases, labels)
  return phrases.subject(field, (leaf.negated ? negated : plain).replaceAll(/\{(\w+)\}/g, fill))
}

/** Some tests are said in another way beside an instant (`<@`: before), or where null means never (`olderThanDays?`). */
function variant(leaf: Leaf): string {
  if (testOfNull(leaf)) return `${leaf.test.op}?`
  return leaf.field.type === 'timestamp' ? `${leaf.test.op}@` : leaf.test.op
}

function slotText(leaf: Leaf, slot: string, phrases: Phrases, labels: Labels): string {
  const given = (leaf.test as unknown as Readonly<Record<string, Scalar | readonly Scalar[]>>)[slot]
  if (given === undefined) return ''
  const list = Array.isArray(given) ? (given as readonly Scalar[]) : [given as Scalar]
  return list.map((value) => valueText(leaf, slot, value, phrases, labels)).join(phrases.listed)
}

function valueText(leaf: Leaf, slot: string, value: Scalar, phrases: Phrases, labels: Labels): string {
  const label = labels.values?.[leaf.name]?.[String(value)]
  if (label !== undefined) return label
  if (typeof value === 'boolean') return phrases.boolean(value)
  if (typeof value === 'number' && leaf.field.type === 'timestamp' && slot !== 'days') {
    return labels.instant?.(value) ?? new Date(value).toISOString()
  }
  return leaf.field.type === 'text' || leaf.field.type === 'tags' ? phrases.quote(String(value)) : String(value)
}
