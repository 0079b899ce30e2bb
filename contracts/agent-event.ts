import type { AgentView } from './agent.ts'
import type { EventOf } from './event.ts'

/** State event, keyed by the agent: the newest version wins. */
export type AgentChanged = EventOf<'dialer.agent.changed', AgentView>
