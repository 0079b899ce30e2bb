import type { CampaignState } from '@loopline/contracts/campaign-event'
import type { AgentState } from '@loopline/contracts/agent'
import type { Outcome } from '@loopline/vocabulary/outcome'

/**
 * One colour a state, everywhere; never by colour alone: each also has a sign. Red is kept for what needs a person.
 */
export interface StateLook {
  colour: string
  sign: string
}

const GREY = '#8A938F'

export const OUTCOME_LOOKS: Record<Outcome, StateLook> = {
  connected: { colour: '#0B8F6A', sign: '●' },
  abandoned: { colour: '#D4380D', sign: '!' },
  'no-answer': { colour: GREY, sign: '○' },
  busy: { colour: '#C98A1B', sign: '◐' },
  rejected: { colour: '#B4691F', sign: '⊘' },
  'invalid-number': { colour: '#7A6AA8', sign: '✕' },
  suspended: { colour: '#7A6AA8', sign: '▪' },
  'powered-off': { colour: '#6B7FA3', sign: '▫' },
  unreachable: { colour: '#6B7FA3', sign: '~' },
  machine: { colour: '#5B8DB8', sign: '▤' },
  'line-failed': { colour: '#D4380D', sign: '▲' },
  cancelled: { colour: GREY, sign: '–' },
  blocked: { colour: '#C98A1B', sign: '■' },
  unknown: { colour: '#D4380D', sign: '?' },
}

export const CAMPAIGN_LOOKS: Record<CampaignState, StateLook> = {
  draft: { colour: GREY, sign: '○' },
  running: { colour: '#0B8F6A', sign: '▶' },
  paused: { colour: '#C98A1B', sign: '❚❚' },
  stopped: { colour: GREY, sign: '■' },
  finished: { colour: '#5B8DB8', sign: '✓' },
}

/** console.md: ready blue, ringing violet, talking jade, wrap-up amber, paused grey. */
export const AGENT_LOOKS: Record<AgentState, StateLook> = {
  offline: { colour: GREY, sign: '○' },
  ready: { colour: '#2F7DD1', sign: '●' },
  reserved: { colour: '#8A63D2', sign: '◔' },
  ringing: { colour: '#8A63D2', sign: '◑' },
  talking: { colour: '#0B8F6A', sign: '●' },
  'on-hold': { colour: '#0B8F6A', sign: '❚❚' },
  'wrap-up': { colour: '#C98A1B', sign: '✎' },
  paused: { colour: GREY, sign: '❚❚' },
}

export type LineState = 'up' | 'down' | 'probing' | 'tripped' | 'unknown'

export const LINE_LOOKS: Record<LineState, StateLook> = {
  up: { colour: '#0B8F6A', sign: '●' },
  down: { colour: '#D4380D', sign: '✕' },
  probing: { colour: '#C98A1B', sign: '◌' },
  tripped: { colour: '#D4380D', sign: '▲' },
  unknown: { colour: GREY, sign: '○' },
}
