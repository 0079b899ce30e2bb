import { readPersons } from '../audience/person.sql.ts'
import type { AgentRow } from '../agent/agent-row.ts'
import { bucketOf } from '@loopline/vocabulary/bucket'
import type { Dialer } from '../dialer.ts'
import { showCallback } from '../talk/cards.ts'
import { dueCallbacks, missCallbacks, postponeCallback } from './callback.sql.ts'
import type { DueCallback } from './callback.sql.ts'

const MISSED_AFTER_MS = 60 * 60_000
const DUE_MAX = 50
/** Longer than a card is shown: who shows one keeps it from being shown twice. */
const SHOWN_MS = 120_000

/** Shows promised calls whose time has come to whom they were promised, as soon as he is ready; to the team when it was nobody by name. */
export async function callBack(dialer: Dialer): Promise<void> {
  const now = dialer.clock.now()
  if (dialer.agents.size === 0) return
  await missCallbacks(dialer.db, new Date(now - MISSED_AFTER_MS))
  const due = (await dueCallbacks(dialer.db, new Date(now), DUE_MAX)).filter(({ customerId }) => dialer.slots.owns(bucketOf(customerId)))
  if (due.length === 0) return
  const persons = await readPersons(dialer.db, due.map(({ customerId }) => customerId))
  for (const callback of due) {
    const person = persons.get(callback.customerId)
    const agent = freeFor(dialer, callback)
    if (!person || !agent) continue
    dialer.agents.take(agent.agentId)
    await postponeCallback(dialer.db, callback, new Date(now + SHOWN_MS))
    showCallback(dialer, agent, callback, person)
  }
}

function freeFor(dialer: Dialer, { agentId, teamId }: DueCallback): AgentRow | undefined {
  return dialer.agents.free().find((row) => (agentId === null ? teamId !== null && row.teamId === teamId : row.agentId === agentId))
}
