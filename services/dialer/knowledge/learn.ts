import type { CalleeClockSetting, LawPacksSetting, SettingChanged } from '@loopline/contracts/setting-event'
import type { RuleBook, RulesChanged } from '@loopline/contracts/rule-event'
import type { Delivery, LogEvent } from '@loopline/event-log/event-log'
import { CodedError } from '@loopline/http/coded-error'
import { inTransaction } from '@loopline/postgres/transaction'
import { replaceAll } from '../audience/promoter.ts'
import type { CrmClient } from '../crm/crm-client.ts'
import type { Dialer } from '../dialer.ts'
import { keepKnowledge, readKnowledge } from './knowledge.sql.ts'
import type { KnownValue } from './knowledge.sql.ts'
import { wakeOutOfHours } from './wake.sql.ts'
import { EMPTY_BOOK } from './rule-desk.ts'

export type KnowledgeEvent = RulesChanged | SettingChanged

/** Keeps what crm and hub tell, with the progress of the group; then acts on it here. Other processes read it twice a second. */
export async function learnFromEvents(dialer: Dialer, events: readonly LogEvent<KnowledgeEvent>[], delivery: Delivery): Promise<void> {
  const values = events.flatMap(({ event }) => valueOf(event) ?? [])
  await inTransaction(dialer.db, async (transaction) => {
    for (const value of values) await keepKnowledge(transaction, value)
    await delivery.commitIn(transaction)
  })
  for (const value of values) await learn(dialer, value)
}

function valueOf(event: KnowledgeEvent): KnownValue | null {
  if (event.type === 'crm.rule.changed') return { key: 'rules', version: event.data.version, value: event.data }
  const { key, version, value } = event.data
  return key === 'callee-clock' || key === 'law-packs' ? { key, version, value } : null
}

/** What is stored, for a start and for what another process was told. */
export async function recallKnowledge(dialer: Dialer): Promise<void> {
  for (const value of await readKnowledge(dialer.db)) await learn(dialer, value)
}

/** Processes start together and each waits for its peers: that long a silent crm is no news. */
const PATIENCE_MS = 15_000

/**
 * Without a stored rule book: asks crm for it, or takes the empty one where there is no crm. `waitedMs`: since this
 * process started.
 */
export async function ensureRules(dialer: Dialer, waitedMs: number): Promise<void> {
  if (dialer.knowledge.rulesVersion !== null) return
  const book = dialer.crm ? await askForRules(dialer, dialer.crm, waitedMs) : EMPTY_BOOK
  if (book === null) return
  if (dialer.crm) await keepKnowledge(dialer.db, { key: 'rules', version: book.version, value: book })
  await learn(dialer, { key: 'rules', version: book.version, value: book })
}

async function askForRules({ log }: Dialer, crm: CrmClient, waitedMs: number): Promise<RuleBook | null> {
  try {
    return await crm.rules()
  } catch (error) {
    const isAway = error instanceof CodedError && error.code === 'SERVICE_UNAVAILABLE'
    if (!isAway || waitedMs >= PATIENCE_MS) throw error
    log.info({ waitedMs }, 'crm does not answer yet; nothing is dialled until its rules are known')
    return null
  }
}

async function learn(dialer: Dialer, { key, version, value }: KnownValue): Promise<void> {
  if (key === 'rules') await learnRules(dialer, value as RuleBook)
  else if (key === 'law-packs') await learnLawPacks(dialer, version, value as LawPacksSetting)
  else if (dialer.knowledge.learnCalleeClock(version, value as CalleeClockSetting)) await calleeClockMoved(dialer)
}

async function learnRules(dialer: Dialer, book: RuleBook): Promise<void> {
  const learnt = dialer.knowledge.learnRules(book)
  if (learnt === 'older') return
  if (learnt !== 'learnt') {
    dialer.log.error({ version: book.version, faults: learnt.faults }, 'the rule book does not compile: nothing is dialled until it does')
    return
  }
  for (const campaign of dialer.campaigns.all()) await replaceAll(dialer, campaign)
}

/** Another law holds: whoever waits because of the former is asked again, and who is pooled is asked before he is dialled. */
async function learnLawPacks(dialer: Dialer, version: number, { packs }: LawPacksSetting): Promise<void> {
  if (dialer.knowledge.learnLawPacks(version, packs)) await calleeClockMoved(dialer)
}

/** Whoever waits because of the hour or the day is asked again: it is another hour now. */
async function calleeClockMoved(dialer: Dialer): Promise<void> {
  for (const campaign of dialer.campaigns.all()) Object.assign(campaign, { restUntil: 0, outOfHours: 0 })
  await wakeOutOfHours(dialer.db, dialer.slots.list(), new Date(dialer.clock.now()))
}
