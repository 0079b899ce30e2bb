/** The standing leg of an agent, and the call that is switched into it. A newer leg takes the place without ending the call. */
import type { UserId } from '@loopline/vocabulary/ids'
import type { LegMeter } from './leg-meter.ts'
import type { LegTest } from './leg-test.ts'
import type { Leg } from './leg.hot.ts'
import type { Talk } from './talk.ts'

export class Seat {
  readonly agentId: UserId
  serial = 0
  leg: Leg | null = null
  meter: LegMeter | null = null
  isUp = false
  /** The call this agent is on, as its agent. */
  talk: Talk | null = null
  /** The call reserved for this agent that is heard before its answer. */
  early: Talk | null = null
  /** The call this agent attends as a supervisor. */
  attends: Talk | null = null
  /** The leg is being tried before the shift. */
  test: LegTest | null = null

  constructor(agentId: UserId) {
    this.agentId = agentId
  }

  /** The leg while it can hear and be heard. */
  get live(): Leg | null {
    return this.isUp ? this.leg : null
  }

  /** Whether a call may be switched in. */
  get isFree(): boolean {
    return this.isUp && this.talk === null && this.attends === null
  }
}
