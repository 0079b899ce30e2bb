import type { Outcome } from '@loopline/vocabulary/outcome'
import type { AgentView } from './agent.ts'
import type { CampaignProgress } from './campaign-event.ts'
import type { LegQuality } from './quality.ts'

/** Server push to the console: WebSocket /api/live, one JSON message a frame. The page asks again for what it shows. */
export type LiveMessage =
  | { topic: 'hello'; now: number }
  | { topic: 'customer'; customerId: string; version: number }
  | { topic: 'call'; customerId: string; campaignId: string | null; attemptId: string; outcome: Outcome; lineName: string | null; at: number }
  | { topic: 'campaign'; progress: CampaignProgress }
  | { topic: 'setting'; key: string; version: number; value: unknown }
  /** An agent is told of himself, a lead of the team's, others of nobody. */
  | { topic: 'agent'; agent: AgentView }
  /** Each second while somebody talks: to the agent of the call and to whoever may see him. Not in the event log. */
  | { topic: 'quality'; attemptId: string; agentId: string; at: number; customer: LegQuality; agent: LegQuality }
  | { topic: 'resync' }

export interface LiveSubscribe {
  subscribe: ('customer' | 'call' | 'campaign' | 'setting' | 'agent' | 'quality')[]
}
