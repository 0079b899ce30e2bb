import { z } from 'zod'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import { LINE_TYPES } from '@loopline/vocabulary/customer'
import { CAMPAIGN_STATES } from './campaign-event.ts'
import { PageQuery, pageOf } from './page.ts'
import { CampaignPacing } from './pacing.ts'

/** HTTP of dialer, noun: campaign. Mounted at /campaigns, from outside /api/dialer/campaigns. */
const Minutes = z.number().int().min(0).max(60 * 24 * 30)

export const RetryPlan = z.object({
  maxAttempts: z.number().int().min(1).max(20).default(3),
  /** Minutes to wait after each outcome; an outcome not named here is not tried again. */
  afterMinutes: z.partialRecord(z.enum(OUTCOMES), Minutes).default({ busy: 10, 'no-answer': 120, rejected: 1440, unreachable: 240, 'powered-off': 240, 'line-failed': 1 }),
})

/** Each without its default: an edit that leaves a field out must not set it back. */
const Fields = {
  name: z.string().trim().min(1).max(100),
  /** Condition tree over CUSTOMER_FIELDS; null means nobody by condition (entries come by API). */
  audience: z.unknown().nullable(),
  ratePerSecond: z.number().min(0.1).max(2000),
  maxConcurrent: z.number().int().min(1).max(20_000),
  /** Local hours at the callee, minutes of the day; narrows the law pack, never widens it. */
  hours: z.object({ from: z.number().int().min(0).max(1439), to: z.number().int().min(1).max(1440) }),
  attemptsPerPersonPerDay: z.number().int().min(1).max(10),
  ringTimeMs: z.number().int().min(5_000).max(120_000),
  /** Agentless: we hang up this long after the answer; null waits for the callee. */
  hangUpAfterMs: z.number().int().min(0).max(3_600_000).nullable(),
  /** Lines that may carry it; empty means any permitted. */
  lineIds: z.array(z.uuid()).max(100),
  retry: RetryPlan,
  /**
   * Who talks: nobody; an agent who looks first, or is reserved before the call leaves; or whoever of them is free at the answer, of more
   * calls than idle agents: by a fixed ratio, or as many as keep abandonment within its budget.
   */
  mode: z.enum(['agentless', 'preview', 'progressive', 'ratio', 'predictive']),
  /** How long an agent may take for notes before the next call; extended on the agent's word. */
  wrapUpMs: z.number().int().min(0).max(1_800_000),
  /** Preview: how long the card waits for the agent's yes. */
  previewMs: z.number().int().min(5_000).max(600_000),
  /** Ends by itself when nobody is left to call, now or by time; otherwise a live audience waits for newcomers until it is stopped. */
  finishWhenEmpty: z.boolean(),
  /** In which announcements are spoken; null: the company's. */
  language: z.enum(['zh', 'en']).nullable(),
  /** Nobody is called whose call could not be recorded: refused by the person, or because the recorder cannot write. */
  recordingRequired: z.boolean(),
  /** A sound of the company's own (contracts/audio.ts) in place of the built-in one: when nobody is free, and before recording. */
  fallbackAudioId: z.uuid().nullable(),
  announcementAudioId: z.uuid().nullable(),
  /** Ratio: calls under way for each idle agent. */
  callsPerAgent: z.number().min(1).max(5),
  /** Ratio and predictive: abandoned of those who answered, 0..1; narrows the law pack's, never widens it. */
  abandonCap: z.number().min(0).max(0.1),
  /** Of the lines that may carry it, which comes first (engines/routing/line.ts). */
  routing: z.enum(['priority', 'least-cost', 'learned']),
}

export const CampaignSettings = z.object({
  ...Fields,
  ratePerSecond: Fields.ratePerSecond.default(5),
  maxConcurrent: Fields.maxConcurrent.default(50),
  hours: Fields.hours.default({ from: 480, to: 1260 }),
  attemptsPerPersonPerDay: Fields.attemptsPerPersonPerDay.default(3),
  ringTimeMs: Fields.ringTimeMs.default(30_000),
  hangUpAfterMs: Fields.hangUpAfterMs.default(15_000),
  lineIds: Fields.lineIds.default([]),
  retry: RetryPlan.prefault({}),
  finishWhenEmpty: Fields.finishWhenEmpty.default(false),
  routing: Fields.routing.default('priority'),
  mode: Fields.mode.default('agentless'),
  wrapUpMs: Fields.wrapUpMs.default(30_000),
  previewMs: Fields.previewMs.default(45_000),
  language: Fields.language.default(null),
  recordingRequired: Fields.recordingRequired.default(false),
  fallbackAudioId: Fields.fallbackAudioId.default(null),
  announcementAudioId: Fields.announcementAudioId.default(null),
  callsPerAgent: Fields.callsPerAgent.default(1.5),
  abandonCap: Fields.abandonCap.default(0.03),
})
export type CampaignSettings = z.infer<typeof CampaignSettings>

export const CampaignView = CampaignSettings.extend({
  campaignId: z.uuid(),
  version: z.number().int(),
  state: z.enum(CAMPAIGN_STATES),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
})
export type CampaignView = z.infer<typeof CampaignView>
export const CampaignPage = pageOf(CampaignView)

export const EditCampaign = z.object(Fields).partial().extend({ version: z.number().int() })
export type EditCampaign = z.infer<typeof EditCampaign>
/** POST /campaigns/:id/start|pause|resume|stop */
export const CampaignCommand = z.object({ version: z.number().int().optional() })

/** GET /campaigns/:campaignId/progress: the numbers of `CampaignProgress` when no push has come yet. */
export const CampaignProgressView = z.object({
  campaignId: z.uuid(), version: z.number().int(), name: z.string(), state: z.enum(CAMPAIGN_STATES),
  audience: z.number(), waiting: z.number(), ready: z.number(), inPool: z.number(), inFlight: z.number(), done: z.number(), withdrawn: z.number(),
  attempts: z.number(), attemptsPerSecond: z.number(), outcomes: z.partialRecord(z.enum(OUTCOMES), z.number()), abandonedShare: z.number().nullable(),
  holdReason: z.enum(['none-due', 'outside-hours', 'line-down', 'line-full', 'voice-away', 'loading', 'own-rate', 'own-concurrency', 'no-agent', 'recorder-down', 'no-caller-id']).nullable(),
  at: z.number(),
  /** Null for a campaign without agents. */
  pacing: CampaignPacing.nullable(),
})

/** POST /campaigns/audience-preview: how many match now, and why the others of them could not be dialled. Estimates say so. */
export const AudiencePreviewRequest = z.object({ audience: z.unknown() })
export const AudiencePreview = z.object({
  matching: z.number().int(),
  callableNow: z.number().int(),
  reasons: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  sampled: z.boolean(),
})

/** GET /campaigns/:campaignId/why-not/:customerId */
export const WhyNotNow = z.object({
  customerId: z.uuid(),
  campaignId: z.uuid(),
  inDialList: z.boolean(),
  entryState: z.enum(['waiting', 'ready', 'leased', 'dialing', 'done', 'withdrawn']).nullable(),
  dialable: z.boolean(),
  reasons: z.array(z.object({ reason: z.string(), until: z.string().nullable(), detail: z.string().nullable() })),
  /** When all of them may first be gone if nothing but time changes; null when it takes an edit or an event, or when nothing is against it. */
  nextAt: z.string().nullable(),
  priority: z.number().nullable(),
  dueAt: z.string().nullable(),
  tries: z.number().int().nullable(),
  rules: z.array(z.object({ ruleId: z.string(), name: z.string(), matched: z.boolean() })),
})
export type WhyNotNow = z.infer<typeof WhyNotNow>

/** GET /campaigns/:campaignId/why-not — the whole list as counts. A person with several reasons counts under each, and once under `first`, the most absolute. */
export const CampaignWhyNot = z.object({
  campaignId: z.uuid(), persons: z.number().int(), callableNow: z.number().int(), at: z.string(),
  reasons: z.array(z.object({ reason: z.string(), count: z.number().int(), first: z.number().int(), nextAt: z.string().nullable() })),
})
export type CampaignWhyNot = z.infer<typeof CampaignWhyNot>

/** POST /campaigns/:campaignId/entries — dialer alone: who to call, by API. Up to 1,000 at once, idempotent by externalId. */
export const AddEntries = z.object({
  entries: z.array(z.object({
    externalId: z.string().min(1).max(200),
    phone: z.string().min(3).max(40),
    priority: z.number().int().min(0).max(1000).default(100),
    timeZone: z.string().max(64).default('Asia/Shanghai'),
    /** Your own proof that the person may be called; without it the gate refuses. */
    consent: z.object({ state: z.enum(['granted', 'refused', 'unknown']), source: z.string(), at: z.string() }),
    sandbox: z.boolean().default(false),
  })).min(1).max(1000),
})

/** How many are new to this campaign's list; the others were in it and keep their place. */
export const AddedEntries = z.object({ added: z.number().int(), known: z.number().int(), customerIds: z.array(z.uuid()) })

/** GET /attempts — calls, newest first. */
export const AttemptQuery = PageQuery.extend({
  campaignId: z.uuid().optional(),
  customerId: z.uuid().optional(),
  outcome: z.enum(OUTCOMES).optional(),
})
export const AttemptView = z.object({
  attemptId: z.uuid(),
  customerId: z.uuid(),
  campaignId: z.uuid().nullable(),
  campaignName: z.string().nullable(),
  /** `inbound`: the customer called us. */
  direction: z.enum(['inbound', 'outbound']),
  lineName: z.string().nullable(),
  lineType: z.enum(LINE_TYPES).nullable(),
  outcome: z.enum(OUTCOMES).nullable(),
  outcomeReason: z.string().nullable(),
  sipStatus: z.number().int().nullable(),
  q850: z.number().int().nullable(),
  startedAt: z.string(),
  ringingAt: z.string().nullable(),
  answeredAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Whom the person heard, or for whom the call was made; null for a call without agents. */
  agentId: z.uuid().nullable(),
  connectedAt: z.string().nullable(),
  disposition: z.string().nullable(),
  decision: z.unknown(),
  /** Lines that failed before anybody's phone rang, in their order, before the one that carried it; empty where the first did. */
  legs: z.array(z.object({ lineName: z.string(), lineType: z.enum(LINE_TYPES), outcomeReason: z.string(), sipStatus: z.number().int().nullable(), startedAt: z.string(), endedAt: z.string() })),
  /** Who of ours was on it, in their order. */
  parts: z.array(z.object({
    agentId: z.uuid(), name: z.string(), as: z.enum(['agent', 'colleague']), joinedAt: z.string(), leftAt: z.string().nullable(),
    /** Of this agent's leg over his part; null until it is told. `loss`: 0..1. */
    quality: z.object({ mos: z.number().nullable(), loss: z.number(), jitterMs: z.number(), roundTripMs: z.number().nullable() }).nullable(),
    /** What he said of his part when the call had gone on without him; who had it last speaks for the call. */
    disposition: z.string().nullable(),
    note: z.string().nullable(),
  })),
  /** By the tariff that its line had when it began; null where none was known, or it has not ended. */
  cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
})
export type AttemptView = z.infer<typeof AttemptView>
export const AttemptPage = pageOf(AttemptView)

/** POST /calls — dial one customer by hand, through the same gate and write-ahead as a campaign. */
export const DialByHand = z.object({ customerId: z.uuid(), phoneId: z.uuid().optional() })
export const DialedByHand = z.object({ attemptId: z.uuid() })
