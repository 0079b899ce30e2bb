import type { AgentRow } from '../agent/agent-row.ts'

/** Time for notes after this call, ms: less after one without a talk. */
export function notesAfter({ session, served }: AgentRow): number {
  return (session.call?.connectedAt === null ? served?.wrapUpUnansweredMs : served?.wrapUpMs) ?? 0
}
