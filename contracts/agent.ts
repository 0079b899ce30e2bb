import { z } from 'zod'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import { INBOUND_REASONS } from './inbound.ts'
import { TransferFailed, TransferView } from './transfer.ts'

/**
 * HTTP of dialer, noun: agent. Mounted at /agents, from outside /api/dialer/agents. An agent session lives while the
 * agent's standing leg or page lives; its lease is the leg, not a heartbeat of the page.
 */
export const AGENT_STATES = ['offline', 'ready', 'reserved', 'ringing', 'talking', 'on-hold', 'wrap-up', 'paused'] as const
export type AgentState = (typeof AGENT_STATES)[number]

/** Reasons a person may give for a pause; `system` ones are given by us and shown the same way. */
export const PAUSE_REASONS = ['break', 'meal', 'training', 'meeting', 'paperwork', 'other'] as const
export const SYSTEM_PAUSE_REASONS = ['signed-on', 'no-answer', 'leg-lost', 'forced', 'taken-over', 'self-test'] as const

/** Whom the agent serves now. The number is never here. */
export const AgentCall = z.object({
  attemptId: z.uuid(),
  customerId: z.uuid(),
  customerName: z.string(),
  campaignId: z.uuid().nullable(),
  campaignName: z.string().nullable(),
  /** `asked`: a colleague asks for this agent; the call is the colleague's. */
  phase: z.enum(['preview', 'incoming', 'asked', 'dialing', 'ringing', 'talking', 'on-hold', 'ended']),
  /** When the card goes back to the list by itself, or a caller rings elsewhere; null for a call that is made. */
  decideBy: z.string().nullable(),
  startedAt: z.string(),
  connectedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Proposed from signalling, confirmed at wrap-up. */
  outcome: z.enum(OUTCOMES).nullable(),
  recording: z.enum(['off', 'announcing', 'on', 'paused']),
  /** From whom nothing has been heard for two seconds. */
  noAudio: z.enum(['customer', 'agent']).nullable(),
  /** The customer called us: which number of ours, why it rings here, and whether there is a record of the caller. null: we called. */
  inbound: z.object({ to: z.string(), because: z.enum(INBOUND_REASONS), caller: z.enum(['customer', 'unknown', 'withheld']), takesItself: z.boolean() }).nullable(),
  /**
   * A call back: promised for then, or because the customer called then and nobody came; whether another seller was to make it, and the
   * customer's time zone. null: it is none, or was made already.
   */
  callback: z.object({ why: z.enum(['promised', 'missed']), at: z.string(), instead: z.boolean(), timeZone: z.string().nullable() }).nullable(),
  /** The colleague who is asked, or asks, or is on the call as well; null when nobody is. */
  transfer: TransferView.nullable(),
  transferFailed: TransferFailed.nullable(),
})
export type AgentCall = z.infer<typeof AgentCall>

const Level = z.number().min(-200).max(0).nullable()
const Share = z.number().min(0).max(1)
const Milliseconds = z.number().min(0).max(3_600_000)

/** What voice measured of the telephone while it listened and played back. Levels in dB below full scale; null: nothing but silence. */
export const LegFindings = z.object({
  listenedMs: Milliseconds, playedMs: Milliseconds, isInterrupted: z.boolean(), framesReceived: z.number().int(), framesDue: z.number().int(),
  loss: Share, jitterMs: Milliseconds, roundTripMs: Milliseconds.nullable(), heardMs: Milliseconds, levelDbfs: Level,
})
export type LegFindings = z.infer<typeof LegFindings>

/** What the page measured beside it: its microphone, the way that ICE found, what it was played. */
export const PageFindings = z.object({
  microphone: z.object({ isMuted: z.boolean(), levelDbfs: Level }),
  path: z.object({ kind: z.enum(['host', 'srflx', 'prflx', 'relay']), protocol: z.string().max(8), roundTripMs: Milliseconds.nullable() }).nullable(),
  echo: z.object({ packetsReceived: z.number().int().min(0), loss: Share, jitterMs: Milliseconds, levelDbfs: Level }),
})
export type PageFindings = z.infer<typeof PageFindings>

export const SELF_TEST_FAULTS = ['interrupted', 'muted', 'no-packets', 'silent', 'loss', 'jitter', 'slow', 'no-path', 'no-echo', 'no-result'] as const

/** The trial of the telephone before the shift. Nobody is ready while it is neither `passed` nor `waived`. */
export const SelfTest = z.object({
  state: z.enum(['missing', 'running', 'passed', 'failed', 'waived']),
  testId: z.uuid().nullable(),
  /** When it began, and when it was decided. */
  startedAt: z.string().nullable(),
  at: z.string().nullable(),
  faults: z.array(z.enum(SELF_TEST_FAULTS)),
  leg: LegFindings.nullable(),
  page: PageFindings.nullable(),
  /** The microphone it was held through, by the browser's own name for it; another one needs another test. */
  device: z.string().nullable(),
  /** Who let the agent work without, and why. */
  waived: z.object({ by: z.string(), reason: z.string() }).nullable(),
})
export type SelfTest = z.infer<typeof SelfTest>

/** POST /agents/me/self-test/:testId/page: what the page found; voice tells its part by itself. */
export const TellPageFindings = PageFindings.extend({ device: z.string().min(1).max(200) })
/** PUT /agents/me/device: what the agent speaks through now. */
export const NameDevice = z.object({ device: z.string().min(1).max(200) })
/** POST /agents/:agentId/self-test/waive: a lead lets him work without; audited, and over with the shift. */
export const WaiveSelfTest = z.object({ reason: z.string().min(1).max(200) })

export const AgentView = z.object({
  agentId: z.uuid(),
  name: z.string(),
  teamId: z.uuid().nullable(),
  version: z.number().int(),
  state: z.enum(AGENT_STATES),
  /** Why paused, or why idle while ready; null when there is nothing to say. */
  reason: z.string().nullable(),
  /** What the lead wrote who forced this state. */
  said: z.string().nullable(),
  since: z.string(),
  phone: z.enum(['browser', 'desk']),
  leg: z.enum(['down', 'registered', 'up']),
  selfTest: SelfTest,
  campaignIds: z.array(z.uuid()),
  /** The page that holds the phone; another one may take it over. */
  pageId: z.string().nullable(),
  call: AgentCall.nullable(),
  /** Where the agent goes when the call and its notes are over; null without a call. */
  next: z.object({ state: z.enum(['ready', 'paused', 'offline']), reason: z.string().nullable() }).nullable(),
  wrapUpUntil: z.string().nullable(),
  /** What leads wrote and the agent has not read yet, the oldest first. */
  messages: z.array(z.object({ messageId: z.uuid(), from: z.string(), text: z.string(), at: z.string() })),
})
export type AgentView = z.infer<typeof AgentView>

/** POST /agents/me/sign-on. A second page takes over: the first is told by its version and lets go of the phone. */
export const SignOn = z.object({
  pageId: z.string().min(8).max(64),
  phone: z.enum(['browser', 'desk']).default('browser'),
  campaignIds: z.array(z.uuid()).max(50).default([]),
})
/** POST /agents/me/state; 409 carries the current row when a call came in between. */
export const ChangeAgentState = z.object({
  state: z.enum(['ready', 'paused', 'offline']),
  reason: z.enum(PAUSE_REASONS).optional(),
  version: z.number().int().optional(),
})
/** POST /agents/me/wrap-up: ends the wrap-up of this attempt. */
export const WrapUp = z.object({
  attemptId: z.uuid(),
  outcome: z.enum(OUTCOMES).optional(),
  /** One of the campaign's dispositions, or a word of the team. */
  disposition: z.string().max(60).optional(),
  note: z.string().max(4_000).optional(),
  callback: z.object({ at: z.iso.datetime({ offset: true }), agentId: z.uuid().nullable() }).optional(),
  next: z.enum(['ready', 'paused']).default('ready'),
})
/** POST /agents/me/wrap-up/extend */
export const ExtendWrapUp = z.object({ seconds: z.number().int().min(10).max(600).default(60) })
/** POST /agents/me/preview/:attemptId/accept · /skip */
export const SkipPreview = z.object({ reason: z.enum(['not-now', 'wrong-person', 'already-served', 'other']) })
/** POST /agents/:agentId/force — a lead's one-click unstick; the reason is audited and shown to the agent. */
export const ForceAgent = z.object({ state: z.enum(['ready', 'paused', 'offline']), reason: z.string().min(1).max(200) })

/** POST /calls/:attemptId/customer — a record of a caller who has none; his number is known to us and shown to nobody. */
export const RecordOfCaller = z.object({ name: z.string().trim().min(1).max(100), company: z.string().trim().max(200).optional() })

/** POST /agents/:agentId/messages — a lead's words, shown on the phone bar until they are read. Audited. */
export const SendMessage = z.object({ text: z.string().trim().min(1).max(300) })
export const MessageSent = z.object({ messageId: z.uuid() })

/** POST /calls/:attemptId/talk — what the agent on the call, or a lead beside it, does with the voices. */
export const TalkCommand = z.discriminatedUnion('do', [
  z.object({ do: z.literal('hang-up') }),
  z.object({ do: z.literal('hold') }),
  z.object({ do: z.literal('resume') }),
  z.object({ do: z.literal('digits'), digits: z.string().regex(/^[0-9*#A-D]{1,32}$/) }),
  z.object({ do: z.literal('pause-recording') }),
  z.object({ do: z.literal('resume-recording') }),
  z.object({ do: z.literal('hand-over'), agentId: z.uuid() }),
  z.object({ do: z.literal('attend'), as: z.enum(['listen', 'whisper', 'barge', 'off']) }),
  z.object({ do: z.literal('take-over') }),
])
export type TalkCommand = z.infer<typeof TalkCommand>

/** Taken to voice; what comes of it is told by the agent's next version. */
export const TalkTaken = z.object({ attemptId: z.uuid() })

/** How a telephone of this installation registers. `address`: host:port; `transport`: the wire. */
const DeskServer = z.object({ transport: z.enum(['udp', 'tcp', 'tls']), address: z.string() })

/** GET and DELETE /agents/:agentId/desk-phone: what stands on the agent's desk; its secret is told once, by PUT. */
export const DeskPhoneSettings = z.object({
  agentId: z.uuid(),
  realm: z.string(),
  /** Empty: no telephone can register here (AGENT_SIP_LISTEN), or voice is away. */
  servers: z.array(DeskServer),
  phone: z.object({ user: z.string(), madeAt: z.string(), leg: z.enum(['down', 'registered', 'up']) }).nullable(),
})
export type DeskPhoneSettings = z.infer<typeof DeskPhoneSettings>

/** PUT /agents/:agentId/desk-phone: a new secret each time; the one before counts no more. */
export const DeskPhoneCredentials = z.object({ agentId: z.uuid(), realm: z.string(), servers: z.array(DeskServer), user: z.string(), secret: z.string() })
export type DeskPhoneCredentials = z.infer<typeof DeskPhoneCredentials>

/** GET /agents: everybody of the scope who is signed on, the longest in his state first. */
export const AgentList = z.object({ items: z.array(AgentView) })

/** GET /agents/colleagues: who could be asked, the ready ones first. Names and states only. */
export const ColleagueList = z.object({
  items: z.array(z.object({ agentId: z.uuid(), name: z.string(), teamId: z.uuid().nullable(), state: z.enum(AGENT_STATES), since: z.string(), canBeAsked: z.boolean(), sameCampaign: z.boolean() })),
})
export type ColleagueList = z.infer<typeof ColleagueList>

/** GET /agents/me/phone — how this agent's telephone reaches voice. */
export const PhoneSettings = z.object({
  /** Path of the WebSocket (RFC 7118) under the page's own origin. */
  webSocketPath: z.string(),
  aor: z.string(),
  /** Calling this is the standing leg. */
  deskUri: z.string(),
  iceServers: z.array(z.object({ urls: z.string(), username: z.string().optional(), credential: z.string().optional() })),
})

const Day = z.iso.date()
/** A day of the report, in milliseconds. `pausedMs` by reason. States that go on count until now. */
export const AgentDay = z.object({
  agentId: z.uuid(), name: z.string(), day: Day,
  /** Calls in which he heard somebody. */
  calls: z.number().int(),
  readyMs: z.number(), dialingMs: z.number(), talkingMs: z.number(), holdMs: z.number(), wrapUpMs: z.number(), pausedMs: z.record(z.string(), z.number()),
  /** How he was heard, over the calls that were measured: E-model MOS 1..4.5 and share of lost packets; null without one. */
  mos: z.number().nullable(), loss: z.number().nullable(),
})
export type AgentDay = z.infer<typeof AgentDay>

/** A shift over midnight is split there; a report of more is asked for in parts. */
const REPORT_DAYS_MAX = 31
const DAY_MS = 86_400_000

/** GET /agents/time: how long each agent of the scope was in which state, by day. */
export const AskAgentTime = z.object({ from: Day, to: Day, timeZone: z.string().max(64).default('Asia/Shanghai').refine(isTimeZone, 'unknown time zone') })
  .refine(({ from, to }) => from <= to && Date.parse(to) - Date.parse(from) < REPORT_DAYS_MAX * DAY_MS, `1 to ${REPORT_DAYS_MAX} days`)
export const AgentTimeReport = z.object({ from: Day, to: Day, timeZone: z.string(), items: z.array(AgentDay) })

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
