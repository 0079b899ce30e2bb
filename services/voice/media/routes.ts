/** Decides who hears whom on one call, from where the call stands. */
import type { Leg } from './leg.hot.ts'

/** What a leg hears now. Nothing at all is an empty row: no packet is sent. */
export interface Route<Sound> {
  hearer: Leg
  voices: Leg[]
  sound: Sound | null
}

export interface Attendee {
  leg: Leg
  as: 'listen' | 'whisper' | 'barge'
}

export interface Standing<Sound> {
  customer: Leg
  /** The legs of the agent and of the colleague beside him, as far as they are up. */
  agents: Leg[]
  attendees: Attendee[]
  /**
   * `early`: not answered yet. `alone`: answered, nobody is connected. `announced`: the person hears an announcement to its
   * end and nothing over it. `held`: the person hears music; ours hear each other.
   */
  state: 'early' | 'alone' | 'announced' | 'talking' | 'held'
  sound: Sound | null
}

/** A `listen` is in no `voices` anywhere: it is muted by construction. */
export function routesOf<Sound>(now: Standing<Sound>): Route<Sound>[] {
  const { customer, agents, attendees, state, sound } = now
  const advisers = attendees.filter(({ as }) => as !== 'listen').map(({ leg }) => leg)
  const joined = attendees.filter(({ as }) => as === 'barge').map(({ leg }) => leg)
  const forCustomer: Route<Sound> = { hearer: customer, voices: state === 'talking' ? [...agents, ...joined] : [], sound: state === 'early' ? null : sound }
  const forAgents = agents.map((hearer): Route<Sound> => ({
    hearer, voices: [...(state === 'held' ? [] : [customer]), ...agents.filter((other) => other !== hearer), ...advisers], sound: state === 'announced' ? sound : null,
  }))
  const forAttendees = attendees.map(({ leg }): Route<Sound> => ({
    hearer: leg, voices: [customer, ...agents, ...joined.filter((other) => other !== leg)], sound: null,
  }))
  return [forCustomer, ...forAgents, ...forAttendees]
}
