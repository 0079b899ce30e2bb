import { z } from 'zod'
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

const Leg = z.object({
  packetsReceived: z.number(), packetsSent: z.number(), loss: z.number(), lossFar: z.number().nullable(), jitterMs: z.number(), roundTripMs: z.number().nullable(), mos: z.number().nullable(),
})
/** POST /internal/live/quality of hub, from dialer once a second: whose calls they are decides who is shown them. */
export const LiveQuality = z.object({
  at: z.number(),
  calls: z.array(z.object({ attemptId: z.string(), agentId: z.string(), teamId: z.string().nullable(), customer: Leg, agent: Leg })).max(5_000),
})
export type LiveQuality = z.infer<typeof LiveQuality>

export interface LiveSubscribe {
  subscribe: ('customer' | 'call' | 'campaign' | 'setting' | 'agent' | 'quality')[]
}
