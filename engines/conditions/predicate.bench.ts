import { toEvaluator } from './evaluation.ts'
import { parseCondition } from './parse-condition.ts'
import { toPredicate } from './predicate.ts'

/** Budget: 1 µs per evaluation of five leaves that all must be looked at. Run: `node engines/conditions/predicate.bench.ts`. */
const now = Date.parse('2026-03-02T02:12:00Z')
const parsed = parseCondition({ combinator: 'and', rules: [
  { field: 'level', operator: 'in', value: ['A', 'B'] },
  { field: 'region', operator: 'beginsWith', value: '广东' },
  { field: 'tags', operator: 'hasAny', value: ['VIP', '老客户'] },
  { field: 'attemptCount', operator: '<', value: 5 },
  { field: 'lastFollowUpAt', operator: 'olderThanDays', value: 7 },
] }, {
  level: { type: 'choice', values: ['A', 'B', 'C', 'D'], column: 'level' },
  region: { type: 'text', column: 'region' },
  tags: { type: 'tags', column: 'tags' },
  attemptCount: { type: 'number', column: 'attempt_count' },
  lastFollowUpAt: { type: 'timestamp', column: 'last_follow_up_at' },
})
if (!parsed.ok) throw new Error('the condition of the bench is valid')

const rows = Array.from({ length: 1_000 }, (_, n) => ({
  customerId: String(n), level: 'B', region: `广东省深圳市${n}`, tags: ['新客户', 'VIP'], attemptCount: n % 5,
  lastFollowUpAt: now - (n % 14) * 86_400_000,
}))
const predicate = toPredicate(parsed.condition)
const evaluator = toEvaluator(parsed.condition)

function nanoseconds(run: (row: object) => unknown): number {
  const rounds = 2_000
  let kept = 0
  const pass = (count: number): void => {
    for (let round = 0; round < count; round += 1) for (const row of rows) if (run(row)) kept += 1
  }
  pass(200)
  const before = performance.now()
  pass(rounds)
  return Math.round(((performance.now() - before) * 1e6) / (rounds * rows.length)) + (kept < 0 ? 1 : 0)
}

console.log(JSON.stringify({
  leaves: 5,
  predicateNs: nanoseconds((row) => predicate(row, now)),
  evaluateNs: nanoseconds((row) => evaluator(row, now).matches),
}))
