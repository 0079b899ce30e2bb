import { newId } from '@loopline/clock/new-id'
import type { LineId } from '@loopline/vocabulary/ids'
import { uuidv7 } from '@loopline/vocabulary/ids'
import type { CreateLine, EditLine, LineTariff, LineView } from '@loopline/contracts/line'
import { failed as commonly } from '@loopline/http/coded-error'
import type { Identity } from '@loopline/http/identity-token'
import { inTransaction } from '@loopline/postgres/transaction'
import { listOnLines, lockPool } from '../caller-id/caller-id.sql.ts'
import { keepNumbersOfLine } from '../caller-id/numbers-of-line.ts'
import { syncCallerIds } from '../caller-id/sync-caller-ids.ts'
import { audited } from '../campaign/change-campaign.ts'
import type { Dialer } from '../dialer.ts'
import { failed } from '../errors.ts'
import { insertLine, lineUse, readLines, updateLine } from './line.sql.ts'
import type { LineRow, StoredTariff } from './line.sql.ts'
import { syncLines, tripReasonOf } from './sync-lines.ts'

const HOUR_MS = 3_600_000
const ADDRESS = /^[\w.[\]:-]+:\d{1,5}$/

export async function createLine(dialer: Dialer, who: Identity, wanted: CreateLine): Promise<LineView> {
  mustBeAddresses(wanted)
  mustHaveAccount({ ...wanted, hasPassword: wanted.authPassword !== null })
  const lineId = newId<LineId>(dialer.clock)
  const { authPassword, tariff, ...fields } = wanted
  const row: LineRow = { ...fields, tariffs: withTariff([], tariff, dialer.clock.now()), lineId, version: 1, authPassword: sealed(dialer, lineId, authPassword), trippedAt: null, tripReason: null }
  await audited(dialer, who, 'line:create', lineId, { name: row.name, type: row.type })
  await inTransaction(dialer.db, async (transaction) => {
    await lockPool(transaction)
    await insertLine(transaction, row, new Date(dialer.clock.now()))
    await keepNumbersOfLine(dialer, transaction, row, [], who.name)
  })
  await syncCallerIds(dialer)
  await syncLines(dialer)
  return oneView(dialer, lineId)
}

/** Changes a line; a password that is not named stays. @throws VERSION_CONFLICT with the current view */
export async function editLine(dialer: Dialer, who: Identity, lineId: LineId, { version, authPassword, tariff, ...changes }: EditLine): Promise<LineView> {
  mustBeAddresses(changes)
  const row = (await readLines(dialer.db)).find((line) => line.lineId === lineId)
  if (!row) throw failed('LINE_NOT_FOUND', { lineId })
  if (row.version !== version) throw commonly('VERSION_CONFLICT', { current: await oneView(dialer, lineId) })
  await audited(dialer, who, 'line:edit', lineId, { fields: [...Object.keys(changes), ...(tariff === undefined ? [] : ['tariff'])] })
  const tariffs = tariff === undefined ? row.tariffs : withTariff(row.tariffs, tariff, dialer.clock.now())
  const next = { ...row, ...changes, tariffs, ...(authPassword === undefined ? {} : { authPassword: sealed(dialer, lineId, authPassword) }) } as LineRow
  mustHaveAccount({ ...next, hasPassword: next.authPassword !== null })
  await inTransaction(dialer.db, async (transaction) => {
    await lockPool(transaction)
    if (!(await updateLine(transaction, next, version, new Date(dialer.clock.now())))) throw commonly('VERSION_CONFLICT', { current: await oneView(dialer, lineId) })
    // Only where somebody wrote numbers: what the pool changed meanwhile stands.
    if (changes.callerIds) await keepNumbersOfLine(dialer, transaction, next, row.callerIds, who.name)
    else await listOnLines(transaction, [lineId])
  })
  await syncCallerIds(dialer)
  await syncLines(dialer)
  return oneView(dialer, lineId)
}

/** All lines with what is known of them now: socket, health, calls in flight here, and the last hour's use. */
export async function viewLines(dialer: Dialer): Promise<LineView[]> {
  const since = uuidv7(dialer.clock.now() - HOUR_MS, new Uint8Array(10))
  const use = new Map((await lineUse(dialer.db, since)).map((row) => [row.lineId, row]))
  return dialer.lines.all().map(({ row, socket, socketReason, inFlight, restUntil, verdict }): LineView => {
    const { authPassword: _secret, trippedAt, tripReason, drainedAt: _drainedAt, tariffs, ...fields } = row
    const isTripped = trippedAt !== null || restUntil > dialer.clock.monotonic()
    const hour = use.get(row.lineId)
    return {
      ...fields, tariff: tariffOf(tariffs), state: isTripped ? 'tripped' : socket, stateReason: isTripped ? (tripReason ?? tripReasonOf({ verdict })) : socketReason, inUse: inFlight,
      attemptsLastHour: hour?.attempts ?? 0, connectRateLastHour: hour && hour.attempts > 0 ? hour.connected / hour.attempts : null,
      costLastHour: hour && hour.costMicros !== null ? hour.costMicros / MICROS : null,
      soundLastHour: hour && hour.measured > 0 ? { calls: hour.measured, mos: hour.mos, loss: hour.loss, jitterMs: hour.jitterMs, roundTripMs: hour.roundTripMs } : null,
    }
  })
}

async function oneView(dialer: Dialer, lineId: LineId): Promise<LineView> {
  const view = (await viewLines(dialer)).find((line) => line.lineId === lineId)
  if (!view) throw failed('LINE_NOT_FOUND', { lineId })
  return view
}

const MICROS = 1_000_000
/** Far more than carriers ever change within the life of a call. */
const TARIFFS_KEPT = 50

/** The tariff for calls that begin from now on, beside those that calls of before still pay by. */
function withTariff(tariffs: readonly StoredTariff[], wanted: LineTariff | null, now: number): StoredTariff[] {
  if (JSON.stringify(tariffOf(tariffs)) === JSON.stringify(wanted)) return [...tariffs]
  const next: StoredTariff = wanted === null
    ? { since: now, microsPerMinute: null }
    : { since: now, microsPerMinute: Math.round(wanted.perMinute * MICROS), currency: wanted.currency, firstSeconds: wanted.firstSeconds, stepSeconds: wanted.stepSeconds }
  return [...tariffs, next].slice(-TARIFFS_KEPT)
}

function tariffOf(tariffs: readonly StoredTariff[]): LineTariff | null {
  const now = tariffs.at(-1)
  if (now === undefined || now.microsPerMinute === null) return null
  return { perMinute: now.microsPerMinute / MICROS, currency: now.currency, firstSeconds: now.firstSeconds, stepSeconds: now.stepSeconds }
}

function sealed(dialer: Dialer, lineId: LineId, password: string | null): Buffer | null {
  return password === null ? null : dialer.keys.seal(password, lineId)
}

/** Nobody registers without saying who he is and proving it. */
function mustHaveAccount({ registers, authUser, hasPassword }: { registers: boolean; authUser: string | null; hasPassword: boolean }): void {
  if (registers && (authUser === null || !/^[\w.!~*'()&=+$,;?/-]+$/.test(authUser) || !hasPassword)) throw failed('LINE_ACCOUNT_INCOMPLETE')
}

function mustBeAddresses({ remote, local }: { remote?: string | undefined; local?: string | undefined }): void {
  for (const address of [remote, local]) if (address !== undefined && !ADDRESS.test(address)) throw failed('LINE_ADDRESS_INVALID')
}
