import type { Outcome } from '@loopline/vocabulary/outcome'
import type { CampaignProgress } from './campaign-event.ts'

/** Server push to the console: WebSocket /api/live, one JSON message a frame. The page asks again for what it shows. */
export type LiveMessage =
  | { topic: 'hello'; now: number }
  | { topic: 'customer'; customerId: string; version: number }
  | { topic: 'call'; customerId: string; campaignId: string | null; attemptId: string; outcome: Outcome; lineName: string | null; at: number }
  | { topic: 'campaign'; progress: CampaignProgress }
  | { topic: 'setting'; key: string; version: number; value: unknown }
  | { topic: 'resync' }

export interface LiveSubscribe {
  subscribe: ('customer' | 'call' | 'campaign' | 'setting')[]
}
