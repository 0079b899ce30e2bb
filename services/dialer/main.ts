import { newId } from '@loopline/clock/new-id'
import { systemClock } from '@loopline/clock/clock'
import type { Clock } from '@loopline/clock/clock'
import type { CustomerEvent } from '@loopline/contracts/customer-event'
import type { UserChanged } from '@loopline/contracts/setting-event'
import type { LiveQuality } from '@loopline/contracts/live'
import type { EventLog } from '@loopline/event-log/event-log'
import { serviceToken } from '@loopline/http/identity-token'
import type { Keyring } from '@loopline/keys/keyring'
import type { ObjectStore } from '@loopline/objects/object-store'
import { openObjects } from '@loopline/objects/open-objects'
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import type { Logger } from '@loopline/telemetry/logger'
import { createRegistry } from '@loopline/telemetry/metrics'
import type { Registry } from '@loopline/telemetry/metrics'
import { agentRound, lookAtAgents } from './agent/agent-round.ts'
import { Agents } from './agent/agents.ts'
import { Legs } from './agent/legs.ts'
import { createApp } from './app.ts'
import { applyCustomerEvents } from './audience/customer-events.ts'
import { promote } from './audience/promoter.ts'
import { welcomeNewcomers } from './audience/welcome-newcomers.ts'
import { ToldSounds, tellSounds } from './audio/tell-sounds.ts'
import { callBack } from './callback/due-callbacks.ts'
import { PromisesAhead } from './callback/promises-ahead.ts'
import { CallerIdBoard } from './caller-id/caller-id-board.ts'
import { NumberTallies, judgeNumbers } from './caller-id/number-health.ts'
import { QuotaUse } from './caller-id/quota-use.ts'
import { callerIdRound } from './caller-id/sync-caller-ids.ts'
import { LiveCampaigns } from './campaign/live-campaigns.ts'
import { Minder } from './campaign/minder.ts'
import { syncCampaigns } from './campaign/sync-campaigns.ts'
import type { DialerConfig } from './config.ts'
import { crashAt } from './crash-point.ts'
import { createCrmClient } from './crm/crm-client.ts'
import type { AuditEntry, Dialer } from './dialer.ts'
import { takePhonesOfLeavers } from './desk-phone/leavers.ts'
import { ToldPhones, tellDeskPhones } from './desk-phone/tell-desk-phones.ts'
import { learnRegistries } from './dnc/lists-changed.ts'
import { sweepCopies } from './dnc/sweep-copies.ts'
import { markAll } from './audience/mark-persons.ts'
import { tick } from './dialing/dial-loop.ts'
import { AnswerDesk } from './forecast/answer-desk.ts'
import { InboundDesk } from './inbound/inbound-desk.ts'
import { Knowledge } from './knowledge/knowledge.ts'
import { ensureRules, learnFromEvents, recallKnowledge } from './knowledge/learn.ts'
import type { KnowledgeEvent } from './knowledge/learn.ts'
import { LineBoard } from './line/line-board.ts'
import { LineQuality } from './line/line-quality.ts'
import { LineProbes } from './line/probe-line.ts'
import { recallLines } from './line/recall-lines.ts'
import { syncLines } from './line/sync-lines.ts'
import { OutcomeDesk } from './outcome/outcome-desk.ts'
import { InFlight } from './outcome/open-attempt.ts'
import { gainSlots, loseSlots } from './owner/follow-slots.ts'
import { beat } from './owner/owner.sql.ts'
import { Slots } from './owner/slots.ts'
import { PacingDesk } from './pacing/pacing-desk.ts'
import { closeOpenRecordings } from './recording/close-open.ts'
import { deleteDue } from './recording/delete-due.ts'
import { verifyDue } from './recording/verify-recordings.ts'
import { findOrphans, forgetEnded, recover } from './recovery/adopt.ts'
import { repeat } from './repeat.ts'
import type { Repeated } from './repeat.ts'
import { Stats } from './stats/stats.ts'
import { AnsweredAlone } from './talk/answered-alone.ts'
import { Cards } from './talk/cards.ts'
import { TalkDesk } from './talk/talk-desk.ts'
import { endForgottenTransfers } from './transfer/transfer.sql.ts'
import { watchTransfers } from './transfer/watch-transfers.ts'
import { askForSilent, onVoice } from './voice/on-voice.ts'
import type { VoiceSide } from './voice/on-voice.ts'
import { VoiceLink } from './voice/voice-link.ts'

/** What the process around gives the dialer. */
export interface DialerSurroundings {
  eventLog: EventLog
  keys: Keyring
  log: Logger
  audit: (entry: AuditEntry) => Promise<void>
  /** Hub's live push; without one nobody watches. */
  showQuality?: (quality: LiveQuality) => Promise<void>
  clock?: Clock
}

export interface RunningDialer {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  /** Resolves when this process takes part in sharing the slots. */
  readonly ready: Promise<void>
  stop(): Promise<void>
}

const AGENTS_MS = 100
const PROMOTE_MS = 200
const SECOND_MS = 1_000
const SYNC_MS = 500
const RENEW_MS = 5_000
const QUALITY_MS = 2_000
const QUALITY_DROP_MS = 600_000
const MINUTE_MS = 60_000
const FORECAST_MS = 300_000

/** Starts the dialer: knowledge, HTTP, events, voice, then the loops. Stops in the reverse order: leases go back, calls go on. */
export async function startDialer(config: DialerConfig, surroundings: DialerSurroundings): Promise<RunningDialer> {
  const registry = createRegistry('dialer')
  const objects = config.OBJECTS_URL === '' ? null : await openObjects(config.OBJECTS_URL)
  const { dialer, side, close } = assemble(config, { ...surroundings, objects }, registry)
  await beat(dialer.db, dialer.id)
  await recallKnowledge(dialer)
  // Alone, nobody else will ever tell of rules: the empty book holds from the first request on.
  if (dialer.crm === null) await ensureRules(dialer, 0)
  await callerIdRound(dialer)
  await learnRegistries(dialer)
  await syncLines(dialer)
  await recallLines(dialer)
  await dialer.quality.exchange(dialer.db)
  await dialer.answers.recall(dialer.db, dialer.clock.now())
  const seenAgents = { at: null }
  await lookAtAgents(dialer, seenAgents)
  const app = await createApp(dialer, registry, { webSocketPath: config.AGENT_WEBSOCKET_PATH, turnUrls: config.TURN_URLS, turnSecret: config.TURN_SECRET, verifyDays: config.RECORDING_VERIFY_DAYS })
  const url = await app.listen({ host: config.DIALER_HOST, port: config.DIALER_PORT })
  await syncCampaigns(dialer)
  const minder = new Minder(dialer)
  const consumers = consume(dialer, config, surroundings.eventLog)
  const loops = startLoops(dialer, config, side, { minder, seenAgents })
  if (config.VOICE_LINK !== '') dialer.voice.start()

  return {
    url,
    ready: Promise.all(consumers.map((consumer) => consumer.joined)).then(() => undefined),
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
      minder.stop()
      await dialer.pacing.saveAll(dialer).catch((error: unknown) => dialer.log.warn({ err: error }, 'what the pacing has learnt could not be saved'))
      await Promise.all(consumers.map((consumer) => consumer.stop()))
      await app.close()
      await dialer.outcomes.drain()
      dialer.voice.stop()
      await dialer.outcomes.stop()
      await dialer.talks.flush(dialer).catch(() => undefined)
      await dialer.quality.exchange(dialer.db).catch(() => undefined)
      await dialer.numberTallies.flush(dialer).catch(() => undefined)
      await dialer.answers.save(dialer.db, dialer.clock.now()).catch(() => undefined)
      await Promise.all(dialer.campaigns.all().map((campaign) => campaign.pool.release().catch(() => 0)))
      await close()
    },
  }
}

interface Assembled {
  dialer: Dialer
  side: VoiceSide
  close(): Promise<void>
}

function assemble(config: DialerConfig, { keys, log, audit, showQuality = async () => undefined, clock = systemClock, objects }: DialerSurroundings & { objects: ObjectStore | null }, registry: Registry): Assembled {
  const db = openPool({ url: config.DATABASE_URL, name: 'dialer', max: config.DIALER_DATABASE_CONNECTIONS, log })
  const notifier = createNotifier({ url: config.DATABASE_URL, name: 'dialer', log })
  const slots = new Slots()
  const callerIds = new CallerIdBoard(clock)
  const monotonic = (): number => clock.monotonic()
  const side: VoiceSide = { epoch: null, isRecovered: false, isWhole: true }
  const outcomes = new OutcomeDesk()
  const pacing = new PacingDesk()
  const voice = new VoiceLink({
    address: config.VOICE_LINK, log, token: () => serviceToken(keys.signingKey('identity'), 'dialer'),
    onMessage: (message) => onVoice(dialer, side, message), onUp: () => undefined, onDown: () => {
      dialer.inFlight.doubtAll()
      dialer.legs.linkLost()
      dialer.recorder.fault = 'voice-away'
    },
  })
  const knowledge = new Knowledge(() => clock.now())
  const dialer: Dialer = {
    id: newId(clock), db, clock, log, keys, objects, notifier, slots, outcomes, voice, audit, showQuality,
    crm: config.CRM_URL === null ? null : createCrmClient(config.CRM_URL, keys.signingKey('identity')),
    campaigns: new LiveCampaigns({ db, slots, monotonic }), knowledge, answers: new AnswerDesk(knowledge), lines: new LineBoard(monotonic, (lineId) => callerIds.of(lineId)), lineProbes: new LineProbes(), quality: new LineQuality(() => clock.now()),
    callerIds, quotaUse: new QuotaUse(), numberTallies: new NumberTallies(),
    agents: new Agents((before, after) => pacing.agentChanged(before, after)), legs: new Legs(monotonic), toldPhones: new ToldPhones(), toldSounds: new ToldSounds(), language: config.ANNOUNCEMENT_LANGUAGE, answeredAlone: new AnsweredAlone(), cards: new Cards(), promises: new PromisesAhead(), callbackFallbackMs: config.CALLBACK_FALLBACK_SECONDS * SECOND_MS, inbound: new InboundDesk({ ringMs: config.INBOUND_RING_MS, queueMs: config.INBOUND_QUEUE_MS }), talks: new TalkDesk(config.RECORDING_KEEP_DAYS), recorder: { fault: 'voice-away' },
    inFlight: new InFlight(), stats: new Stats(registry, monotonic), pacing, answerProbability: null, transferAnswerMs: config.TRANSFER_ANSWER_SECONDS * SECOND_MS, crashPoint: crashAt(config.CRASH_AT),
  }
  outcomes.attach(dialer)
  const close = async (): Promise<void> => {
    await notifier.close()
    await objects?.close()
    await db.close()
  }
  return { dialer, side, close }
}

function consume(dialer: Dialer, config: DialerConfig, eventLog: EventLog): ReturnType<EventLog['consume']>[] {
  const customers = eventLog.consume<CustomerEvent>({
    group: 'dialer', topics: ['crm.customer'], batchMax: config.DIALER_EVENT_BATCH_MAX,
    handle: (events, delivery) => applyCustomerEvents(dialer, events, delivery),
    onAssigned: (leases) => gainSlots(dialer, leases), onRevoked: (slots) => loseSlots(dialer, slots),
  })
  const knowledge = eventLog.consume<KnowledgeEvent>({
    group: 'dialer.knowledge', topics: ['crm.rule', 'hub.setting'], handle: (events, delivery) => learnFromEvents(dialer, events, delivery),
  })
  const people = eventLog.consume<UserChanged>({
    group: 'dialer.people', topics: ['hub.user'], handle: (events, delivery) => takePhonesOfLeavers(dialer, events, delivery),
  })
  return [customers, knowledge, people]
}

function startLoops(dialer: Dialer, config: DialerConfig, side: VoiceSide, { minder, seenAgents }: { minder: Minder; seenAgents: { at: Date | null } }): Repeated[] {
  const { log, clock } = dialer
  const startedAt = clock.monotonic()
  return [
    repeat('dial', config.DIALER_TICK_MS, log, () => tick(dialer)),
    repeat('agents', AGENTS_MS, log, async () => {
      await agentRound(dialer)
      dialer.inbound.round(dialer)
    }),
    repeat('look at agents', SYNC_MS, log, () => lookAtAgents(dialer, seenAgents)),
    repeat('forecasts', FORECAST_MS, log, async () => { if (dialer.slots.owns(0)) await dialer.answers.save(dialer.db, clock.now()) }),
    repeat('callbacks', SECOND_MS, log, () => callBack(dialer)),
    repeat('pacing', SECOND_MS, log, () => dialer.pacing.round(dialer)),
    repeat('desk telephones', SECOND_MS, log, () => tellDeskPhones(dialer)),
    repeat('sounds', SECOND_MS, log, async () => tellSounds(dialer)),
    repeat('line quality', QUALITY_MS, log, () => dialer.quality.exchange(dialer.db)),
    repeat('old line quality', QUALITY_DROP_MS, log, () => dialer.quality.dropOld(dialer.db)),
    repeat('talks', SECOND_MS, log, () => dialer.talks.flush(dialer)),
    repeat('caller IDs', SECOND_MS, log, () => callerIdRound(dialer)),
    repeat('use of caller IDs', 2 * SECOND_MS, log, () => dialer.numberTallies.flush(dialer)),
    repeat('health of caller IDs', 2 * SECOND_MS, log, () => judgeNumbers(dialer)),
    repeat('transfers', AGENTS_MS, log, () => watchTransfers(dialer)),
    repeat('forgotten transfers', RENEW_MS, log, async () => { if (dialer.agents.size > 0) await endForgottenTransfers(dialer.db) }),
    repeat('open recordings', 5 * SECOND_MS, log, () => closeOpenRecordings(dialer)),
    repeat('recordings', config.RECORDING_ROUND_MS, log, async () => {
      while ((await verifyDue(dialer, config.RECORDING_VERIFY_DAYS)) > 0);
      while ((await deleteDue(dialer)) > 0);
    }),
    repeat('promote', PROMOTE_MS, log, async () => { while (await promote(dialer)); }),
    repeat('newcomers', PROMOTE_MS, log, async () => { while (await welcomeNewcomers(dialer)); }),
    repeat('recover', SECOND_MS, log, () => recover(dialer)),
    repeat('orphans', 5 * SECOND_MS, log, async () => {
      await findOrphans(dialer)
      await forgetEnded(dialer)
    }),
    repeat('ask voice', SECOND_MS, log, async () => askForSilent(dialer, side)),
    repeat('leases', RENEW_MS, log, async () => { for (const campaign of dialer.campaigns.all()) await campaign.pool.renew() }),
    repeat('campaigns', SYNC_MS, log, async () => {
      await syncCampaigns(dialer)
      await minder.round()
    }),
    repeat('knowledge', SYNC_MS, log, async () => {
      await recallKnowledge(dialer)
      await ensureRules(dialer, clock.monotonic() - startedAt)
      await learnRegistries(dialer)
      await syncLines(dialer)
    }),
    repeat('do-not-call copies', MINUTE_MS, log, () => sweepCopies(dialer)),
    repeat('unmarked persons', RENEW_MS, log, () => markAll(dialer)),
  ]
}
