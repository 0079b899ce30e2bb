import type { AttemptId } from '@loopline/vocabulary/ids'
import type { DialCommand } from '@loopline/contracts/voice-link'
import { CommitUnknownError } from '@loopline/postgres/errors'
import type { Dialer } from '../dialer.ts'
import { readPersons } from '../audience/person.sql.ts'
import type { Person } from '../audience/person.sql.ts'
import { holdEntries } from '../pool/claim.sql.ts'
import type { OpenAttempt } from '../outcome/open-attempt.ts'
import type { PooledEntry } from '../pool/ready-pool.ts'
import type { PlannedAttempt } from './planned-attempt.ts'
import { Reservations } from './reservations.ts'
import { split, writeAhead } from './write-ahead.ts'
import type { WrittenAhead } from './write-ahead.ts'
import { writtenAttempts } from './write-ahead.sql.ts'

/**
 * Commits planned calls and orders those that were written. Lines and campaigns have counted them already; whatever is
 * not written is taken back. Resolves when the commands are handed over, or when it is certain that none will be.
 */
export async function placeCalls(dialer: Dialer, planned: readonly PlannedAttempt[]): Promise<WrittenAhead> {
  const startedAt = dialer.clock.monotonic()
  dialer.stats.count('writeAheads')
  const reservations = new Reservations(dialer)
  let result: WrittenAhead
  try {
    result = await writeAhead(dialer.db, dialer.id, planned, dialer.clock.now(), reservations)
  } catch (error) {
    result = error instanceof CommitUnknownError ? await readBack(dialer, planned) : notWritten(dialer, planned, error)
  }
  reservations.learn(planned, result.written)
  dialer.stats.took('writeAhead', dialer.clock.monotonic() - startedAt)
  dialer.crashPoint('after-attempt-commit')
  order(dialer, result.written)
  takeBack(dialer, result)
  return result
}

function order(dialer: Dialer, written: readonly PlannedAttempt[]): void {
  if (written.length === 0) return
  for (const attempt of written) {
    dialer.inFlight.add(openOf(attempt))
    const campaign = dialer.campaigns.get(attempt.campaignId)
    campaign?.numbers.move('leased', 'dialing')
    campaign?.numbers.attempted(1)
  }
  dialer.stats.count('attempts', written.length)
  const stillWanted = written.filter((attempt) => attempt.campaignId === null || dialer.campaigns.get(attempt.campaignId)?.row.state === 'running')
  for (const attempt of written.filter((one) => !stillWanted.includes(one))) {
    dialer.outcomes.take({ kind: 'never-sent', attemptId: attempt.attemptId, at: dialer.clock.now(), refusal: 'stopped' })
  }
  // A command that the link loses is asked for after its deadline; voice refuses one that is late.
  if (stillWanted.length > 0) dialer.voice.send({ type: 'dial', calls: stillWanted.map(commandOf) })
  dialer.crashPoint('after-dial-sent')
}

/** The agent's row of that instant is of no use later. */
function openOf({ agent, ...attempt }: PlannedAttempt): OpenAttempt {
  return { ...attempt, agentId: agent?.agentId ?? null, leg: 1, legs: [], order: attempt }
}

function commandOf(attempt: PlannedAttempt): DialCommand {
  const { attemptId, customerId, campaignId, lineId, epoch, leaseToken, dialBy, phoneSealed, callerId, ringTimeMs, hangUpAfterMs, sandbox, talk } = attempt
  return { attemptId, customerId, campaignId, lineId, epoch, leaseToken, dialBy, phoneSealed, callerId, ringTimeMs, hangUpAfterMs, sandbox, ...(talk && { talk }) }
}

function takeBack(dialer: Dialer, { stale, lost, unserved }: WrittenAhead): void {
  dialer.stats.count('stale', stale.length)
  dialer.stats.count('lost', lost.length)
  for (const attempt of [...stale, ...lost, ...unserved]) {
    dialer.lines.release(attempt.lineId)
    dialer.callerIds.giveBack(attempt.callerId, attempt.startedAt)
    const campaign = dialer.campaigns.get(attempt.campaignId)
    if (campaign) campaign.inFlight = Math.max(0, campaign.inFlight - 1)
  }
  void returnStale(dialer, stale)
  void returnUnserved(dialer, unserved)
}

/** A call that is going on ends by itself; asking again at once would only claim and refuse in a circle. */
const BEING_CALLED_MS = 20_000

/**
 * Entries whose person changed under us go back to the list: whoever claims them reads the person anew. Those whose person
 * did not change are being called by somebody else, and wait.
 */
async function returnStale(dialer: Dialer, stale: readonly PlannedAttempt[]): Promise<void> {
  const ofCampaigns = stale.filter((attempt) => attempt.campaignId !== null)
  if (ofCampaigns.length === 0) return
  try {
    const persons = await readPersons(dialer.db, ofCampaigns.map((attempt) => attempt.customerId))
    const until = dialer.clock.now() + BEING_CALLED_MS
    for (const campaign of dialer.campaigns.all()) {
      const entries = ofCampaigns.filter((attempt) => attempt.campaignId === campaign.id)
      const [busy, changed] = split(entries, (attempt) => isUnchanged(attempt, persons.get(attempt.customerId)))
      campaign.numbers.move('leased', 'ready', await campaign.pool.giveBack(changed.map(entryOf)))
      if (busy.length > 0) campaign.numbers.move('leased', 'waiting', (await holdEntries(dialer.db, busy.map((one) => ({ ...entryOf(one), reason: 'attempt-open', until })))).length)
    }
  } catch (error) {
    dialer.log.warn({ err: error }, 'entries could not be given back; their leases run out')
  }
}

/** Nothing was wrong with these: they wait for the next free agent. */
async function returnUnserved(dialer: Dialer, unserved: readonly PlannedAttempt[]): Promise<void> {
  for (const attempt of unserved) {
    const campaign = dialer.campaigns.get(attempt.campaignId)
    try {
      campaign?.numbers.move('leased', 'ready', await campaign.pool.giveBack([entryOf(attempt)]))
    } catch (error) {
      dialer.log.warn({ err: error }, 'an entry could not be given back; its lease runs out')
    }
  }
}

function isUnchanged({ personVersion, attemptDay, cap, person: decidedAbout }: PlannedAttempt, person: Person | undefined): boolean {
  if (!person || person.listings.length !== decidedAbout.listings.length || person.recentAt[0] !== decidedAbout.recentAt[0] || person.abandonedAt !== decidedAbout.abandonedAt) return false
  return person.state.version === personVersion && (person.attemptDay !== attemptDay || person.attemptsThatDay < cap)
}

function entryOf(attempt: PlannedAttempt): PooledEntry {
  const { customerId, bucket, campaignId, priority, tries, uncountedTries, triedAt, leaseToken, person, startedAt } = attempt
  return { key: customerId, customerId, bucket, campaignId: campaignId as NonNullable<typeof campaignId>, priority, dueAt: startedAt, tries, uncountedTries, triedAt, leaseToken, leasedUntil: 0, person }
}

/** The transaction did not happen: the entries are still leased and go back to the list. */
function notWritten(dialer: Dialer, planned: readonly PlannedAttempt[], error: unknown): WrittenAhead {
  dialer.log.warn({ err: error, attempts: planned.length }, 'attempts could not be written; nobody was called')
  return { written: [], stale: [...planned], lost: [], unserved: [] }
}

const ASK_AGAIN_MS = 100
const ASK_AGAIN_MAX_MS = 2_000

/**
 * The answer to COMMIT was lost: what the database holds decides (F5). Those in it are ours to dial while their deadline
 * stands; later ones are ended as never sent. Nothing is dialled until the database has answered.
 */
async function readBack(dialer: Dialer, planned: readonly PlannedAttempt[]): Promise<WrittenAhead> {
  dialer.stats.count('commitUnknown')
  const held = await askUntilAnswered(dialer, planned)
  const now = dialer.clock.now()
  const inDatabase = planned.filter((attempt) => held.has(attempt.attemptId))
  for (const attempt of inDatabase.filter((one) => one.dialBy <= now)) {
    dialer.inFlight.add(openOf(attempt))
    dialer.outcomes.take({ kind: 'never-sent', attemptId: attempt.attemptId, at: now, refusal: 'expired' })
  }
  return {
    written: inDatabase.filter((attempt) => attempt.dialBy > now),
    stale: planned.filter((attempt) => !held.has(attempt.attemptId)), lost: [], unserved: [],
  }
}

async function askUntilAnswered(dialer: Dialer, planned: readonly PlannedAttempt[]): Promise<Set<AttemptId>> {
  for (let pauseMs = ASK_AGAIN_MS; ; pauseMs = Math.min(pauseMs * 2, ASK_AGAIN_MAX_MS)) {
    try {
      return await writtenAttempts(dialer.db, planned)
    } catch (error) {
      dialer.log.warn({ err: error }, 'it is not known whether attempts were written; asking again')
      await new Promise((resolve) => { setTimeout(resolve, pauseMs) })
    }
  }
}
