import type { Condition, NormalForm } from './condition.ts'

/**
 * Moves every `not` into the leaves (De Morgan). Leaves are two-valued, so this changes no answer; in SQL it is what
 * keeps null out of `not`, where it would make a row vanish from both the condition and its opposite.
 */
export function normalForm(condition: Condition, negate = false): NormalForm {
  switch (condition.kind) {
    case 'leaf': return negate ? { ...condition, negated: !condition.negated } : condition
    case 'not': return normalForm(condition.of, !negate)
    case 'all':
    case 'any': return {
      kind: negate === (condition.kind === 'all') ? 'any' : 'all',
      of: condition.of.map((part) => normalForm(part, negate)),
    }
  }
}
