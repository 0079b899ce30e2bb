import { newId } from '@loopline/clock/new-id'
import { mayDial } from '@loopline/gate/may-dial'
import type { AttemptId } from '@loopline/vocabulary/ids'
import { readPersons } from '../audience/person.sql.ts'
import type { Person } from '../audience/person.sql.ts'
import type { AgentRow } from '../agent/agent-row.ts'
import type { Dialer } from '../dialer.ts'
import { gateFacts } from '../dialing/decide.ts'
import { showCallback } from '../talk/cards.ts'
import { dueCallbacks, keepCalled, missCallbacks, postponeCallback, promisesAhead, showAs } from './callback.sql.ts'
import type { DueCallback, FreeToCall } from './callback.sql.ts'
import { AHEAD_MS } from './promises-ahead.ts'

/** Late is better than never; after a day the customer has surely given up waiting. */
const MISSED_AFTER_MS = 24 * 3_600_000
/** Where only an edit can lift the refusal. */
const ASK_AGAIN_MS = 15 * 60_000
const DUE_MAX = 50
const AHEAD_MAX = 1_000
/** Longer than a card is shown: who shows one keeps it from being shown twice. */
const SHOWN_MS = 120_000

/**
 * Shows promised calls whose time has come: to the seller who promised, as soon as he is ready; to anybody of his team when he was not
 * for some minutes, or when it was nobody by name; to anybody at all where there is no team. Whoever may not be called now is asked
 * about again when he may.
 */
export async function callBack(dialer: Dialer): Promise<void> {
  const now = dialer.clock.now()
  // Also while nobody is on duty: whoever comes first must not be given away before it is known what he is wanted for.
  dialer.promises.learn(await promisesAhead(dialer.db, new Date(now), new Date(now + AHEAD_MS), AHEAD_MAX))
  if (dialer.agents.size === 0) return
  await keepCalled(dialer.db, new Date(now))
  await missCallbacks(dialer.db, new Date(now - MISSED_AFTER_MS))
  const free = freeToCall(dialer, now)
  if (free.agentIds.length === 0) return
  const due = await dueCallbacks(dialer.db, new Date(now), free, DUE_MAX)
  if (due.length === 0) return
  const persons = await readPersons(dialer.db, due.map(({ customerId }) => customerId))
  for (const callback of due) {
    const person = persons.get(callback.customerId)
    const agent = agentFor(dialer, callback, free)
    if (!person || !agent) continue
    const until = refusedUntil(dialer, person)
    if (until !== null) {
      await postponeCallback(dialer.db, callback, new Date(until))
      continue
    }
    const attemptId = newId<AttemptId>(dialer.clock)
    dialer.agents.take(agent.agentId)
    try {
      if (await showAs(dialer.db, callback, attemptId, new Date(now + SHOWN_MS))) showCallback(dialer, agent, callback, person, attemptId)
      else dialer.agents.release(agent.agentId)
    } catch (error) {
      dialer.agents.release(agent.agentId)
      throw error
    }
  }
}

/** Null: he may be called. Otherwise when to ask again: what was promised may be over a cap by now, and the law pack decides. */
function refusedUntil({ knowledge, clock }: Dialer, person: Person): number | null {
  const now = clock.now()
  const gate = knowledge.gateFor(person)
  const calleeNow = now + knowledge.calleeOffsetMs
  const facts = gateFacts({ person, origin: { kind: 'manual' }, campaignId: null, cap: gate.pack?.attemptsPerDayMax ?? 0 }, { gate, calleeNow, now })
  const verdict = mayDial(facts, calleeNow, gate)
  if (verdict.allowed) return null
  return verdict.retryAt === null ? now + ASK_AGAIN_MS : verdict.retryAt - knowledge.calleeOffsetMs
}

function freeToCall(dialer: Dialer, now: number): FreeToCall {
  const free = dialer.agents.free()
  return {
    agentIds: free.map(({ agentId }) => agentId), teamIds: [...new Set(free.flatMap(({ teamId }) => teamId ?? []))],
    anyoneBefore: new Date(now - dialer.callbackFallbackMs), slots: dialer.slots.list(),
  }
}

/** The seller himself before all others. */
function agentFor(dialer: Dialer, { agentId, teamId, at }: DueCallback, { anyoneBefore }: FreeToCall): AgentRow | undefined {
  const free = dialer.agents.free()
  const himself = free.find((row) => row.agentId === agentId)
  if (himself) return himself
  if (agentId !== null && at > anyoneBefore) return undefined
  return free.find((row) => teamId === null || row.teamId === teamId)
}
