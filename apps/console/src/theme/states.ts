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

// Each is one colour on light and another on dark, named in base.css: what reads on one of them is too dim on the other.
const GREY = 'var(--state-grey)'
const JADE = 'var(--state-jade)'
const ALARM = 'var(--state-alarm)'
const AMBER = 'var(--state-amber)'
const RUST = 'var(--state-rust)'
const PLUM = 'var(--state-plum)'
const SLATE = 'var(--state-slate)'
const SKY = 'var(--state-sky)'
const BLUE = 'var(--state-blue)'
const VIOLET = 'var(--state-violet)'

export const OUTCOME_LOOKS: Record<Outcome, StateLook> = {
  connected: { colour: JADE, sign: '●' },
  abandoned: { colour: ALARM, sign: '!' },
  'no-answer': { colour: GREY, sign: '○' },
  busy: { colour: AMBER, sign: '◐' },
  rejected: { colour: RUST, sign: '⊘' },
  'invalid-number': { colour: PLUM, sign: '✕' },
  suspended: { colour: PLUM, sign: '▪' },
  'powered-off': { colour: SLATE, sign: '▫' },
  unreachable: { colour: SLATE, sign: '~' },
  machine: { colour: SKY, sign: '▤' },
  'line-failed': { colour: ALARM, sign: '▲' },
  cancelled: { colour: GREY, sign: '–' },
  blocked: { colour: AMBER, sign: '■' },
  unknown: { colour: ALARM, sign: '?' },
}

export const CAMPAIGN_LOOKS: Record<CampaignState, StateLook> = {
  draft: { colour: GREY, sign: '○' },
  running: { colour: JADE, sign: '▶' },
  paused: { colour: AMBER, sign: '❚❚' },
  stopped: { colour: GREY, sign: '■' },
  finished: { colour: SKY, sign: '✓' },
}

/** console.md: ready blue, ringing violet, talking jade, wrap-up amber, paused grey. */
export const AGENT_LOOKS: Record<AgentState, StateLook> = {
  offline: { colour: GREY, sign: '○' },
  ready: { colour: BLUE, sign: '●' },
  reserved: { colour: VIOLET, sign: '◔' },
  ringing: { colour: VIOLET, sign: '◑' },
  talking: { colour: JADE, sign: '●' },
  'on-hold': { colour: JADE, sign: '❚❚' },
  'wrap-up': { colour: AMBER, sign: '✎' },
  paused: { colour: GREY, sign: '❚❚' },
}

export type LineState = 'up' | 'down' | 'probing' | 'tripped' | 'unknown'

export const LINE_LOOKS: Record<LineState, StateLook> = {
  up: { colour: JADE, sign: '●' },
  down: { colour: ALARM, sign: '✕' },
  probing: { colour: AMBER, sign: '◌' },
  tripped: { colour: ALARM, sign: '▲' },
  unknown: { colour: GREY, sign: '○' },
}
