import { callCost, tariffAt } from '@loopline/routing/call-cost'
import type { AttemptId, CustomerId } from '@loopline/vocabulary/ids'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'
import { isInbound } from '../inbound/inbound-outcome.ts'
import type { Judged } from '../outcome/ending.ts'
import type { LineBoard } from './line-board.ts'

interface Cost {
  customerId: CustomerId
  attemptId: AttemptId
  micros: number
  currency: string
}

/** Keeps what each call cost by the tariff that its line had when it began; calls on lines without one, and calls that came in, cost nothing known. */
export async function keepCosts(queryable: Queryable, judged: readonly Judged[], lines: LineBoard): Promise<void> {
  const costs = judged.flatMap((one) => costOf(one, lines) ?? [])
  if (costs.length > 0) await setCosts(queryable, costs)
}

function costOf({ attempt, ended }: Judged, lines: LineBoard): Cost | null {
  const line = lines.get(attempt.lineId)
  if (!line || isInbound(attempt)) return null
  const tariff = tariffAt(line.row.tariffs, ended.startedAt)
  if (tariff === null) return null
  const micros = callCost(tariff, ended.answeredAt === null ? null : Math.max(0, ended.endedAt - ended.answeredAt))
  return { customerId: attempt.customerId, attemptId: attempt.attemptId, micros, currency: tariff.currency }
}

/** The attempts are locked by their end already. */
async function setCosts(queryable: Queryable, costs: readonly Cost[]): Promise<void> {
  await queryable.execute`
    update dialer.attempt a set cost_micros = w.micros, cost_currency = w.currency
      from json_to_recordset(${json(costs)}::json) as w("customerId" uuid, "attemptId" uuid, micros bigint, currency text)
     where a.customer_id = w."customerId" and a.id = w."attemptId"`
}
