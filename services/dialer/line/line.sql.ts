import type { AttemptId, LineId } from '@loopline/vocabulary/ids'
import type { LineType } from '@loopline/vocabulary/customer'
import type { NumberFormat } from '@loopline/vocabulary/dialled-number'
import type { OutcomeReason } from '@loopline/outcome/reasons'
import type { TariffSince } from '@loopline/routing/call-cost'
import type { Queryable } from '@loopline/postgres/queryable'
import { json } from '@loopline/postgres/sql'

export interface LineRow {
  lineId: LineId
  version: number
  name: string
  type: LineType
  enabled: boolean
  remote: string
  local: string
  authUser: string | null
  /** Sealed with the line id as context. */
  authPassword: Buffer | null
  authRealm: string | null
  numberFormat: NumberFormat
  callerIds: string[]
  maxConcurrent: number
  maxPerSecond: number
  weight: number
  sandbox: boolean
  probe: boolean
  srtp: 'off' | 'offer' | 'required'
  carrier: string
  contract: string
  countryCode: string
  stripPrefix: string
  addPrefix: string
  mayCall: string[]
  codecs: ('PCMA' | 'PCMU')[]
  permittedUse: string
  registers: boolean
  registerSeconds: number
  transport: 'udp' | 'tcp' | 'tls'
  tlsCa: string | null
  /** Oldest first; the last holds for calls that begin now. */
  tariffs: StoredTariff[]
  trippedAt: Date | null
  tripReason: string | null
  /** Since when nothing new goes over it; absent for one that is being made. */
  drainedAt?: Date | null
}

/** One without a price: from then on it was not known. */
export type StoredTariff = TariffSince | { since: number; microsPerMinute: null }

export function readLines(queryable: Queryable): Promise<LineRow[]> {
  return queryable.sql<LineRow>`
    select line_id as "lineId", version, name, type, enabled, remote, local, auth_user as "authUser", auth_password as "authPassword",
           auth_realm as "authRealm", number_format as "numberFormat", caller_ids as "callerIds", max_concurrent as "maxConcurrent",
           max_per_second as "maxPerSecond", weight, sandbox, probe, srtp, carrier, contract, tripped_at as "trippedAt", trip_reason as "tripReason", drained_at as "drainedAt",
           country_code as "countryCode", strip_prefix as "stripPrefix", add_prefix as "addPrefix", may_call as "mayCall", codecs, permitted_use as "permittedUse", tariffs, registers, register_seconds as "registerSeconds", transport, tls_ca as "tlsCa"
      from dialer.line order by line_id`
}

export async function insertLine(queryable: Queryable, line: LineRow, now: Date): Promise<void> {
  await queryable.execute`
    insert into dialer.line (line_id, version, name, type, enabled, remote, local, auth_user, auth_password, auth_realm, number_format, caller_ids,
                             max_concurrent, max_per_second, weight, sandbox, probe, srtp, carrier, contract, country_code, strip_prefix, add_prefix, may_call, codecs, permitted_use, tariffs, registers, register_seconds, transport, tls_ca, created_at, updated_at)
    values (${line.lineId}, 1, ${line.name}, ${line.type}, ${line.enabled}, ${line.remote}, ${line.local}, ${line.authUser}, ${line.authPassword}, ${line.authRealm},
            ${line.numberFormat}, ${line.callerIds}, ${line.maxConcurrent}, ${line.maxPerSecond}, ${line.weight}, ${line.sandbox}, ${line.probe}, ${line.srtp}, ${line.carrier}, ${line.contract},
            ${line.countryCode}, ${line.stripPrefix}, ${line.addPrefix}, ${line.mayCall}, ${line.codecs}, ${line.permittedUse}, ${json(line.tariffs)}, ${line.registers}, ${line.registerSeconds}, ${line.transport}, ${line.tlsCa}, ${now}, ${now})`
}

/** Saves a line over the version that was read. Answers whether it was still that one; an edit also lifts a trip. */
export async function updateLine(queryable: Queryable, line: LineRow, readVersion: number, now: Date): Promise<boolean> {
  const touched = await queryable.execute`
    update dialer.line
       set version = ${readVersion + 1}, name = ${line.name}, type = ${line.type}, enabled = ${line.enabled}, remote = ${line.remote}, local = ${line.local},
           auth_user = ${line.authUser}, auth_password = ${line.authPassword}, auth_realm = ${line.authRealm}, number_format = ${line.numberFormat},
           caller_ids = ${line.callerIds}, max_concurrent = ${line.maxConcurrent}, max_per_second = ${line.maxPerSecond}, weight = ${line.weight},
           sandbox = ${line.sandbox}, probe = ${line.probe}, srtp = ${line.srtp}, carrier = ${line.carrier}, contract = ${line.contract},
           country_code = ${line.countryCode}, strip_prefix = ${line.stripPrefix}, add_prefix = ${line.addPrefix}, may_call = ${line.mayCall}, codecs = ${line.codecs},
           permitted_use = ${line.permittedUse}, tariffs = ${json(line.tariffs)}, registers = ${line.registers}, register_seconds = ${line.registerSeconds}, transport = ${line.transport}, tls_ca = ${line.tlsCa}, tripped_at = null, trip_reason = null, updated_at = ${now}
     where line_id = ${line.lineId} and version = ${readVersion}`
  return touched === 1
}

export async function markTripped(queryable: Queryable, lineId: LineId, at: Date | null, reason: string | null): Promise<void> {
  await queryable.execute`update dialer.line set tripped_at = ${at}, trip_reason = ${reason} where line_id = ${lineId}`
}

/** Not a change of the line: no version, and voice needs not be told. */
export async function markDrained(queryable: Queryable, lineId: LineId, at: Date | null): Promise<void> {
  await queryable.execute`update dialer.line set drained_at = ${at} where line_id = ${lineId} and (drained_at is null) <> (${at}::timestamptz is null)`
}

export interface LineUse {
  lineId: LineId
  attempts: number
  connected: number
  costMicros: number | null
  /** Of calls with voice, what comes from the line. */
  measured: number
  mos: number | null
  loss: number | null
  jitterMs: number | null
  roundTripMs: number | null
}

/** Attempts, connections and sound per line since an instant. */
export function lineUse(queryable: Queryable, sinceId: string): Promise<LineUse[]> {
  return queryable.sql<LineUse>`
    select line_id as "lineId", count(*) filter (where inbound_id is null) as attempts,
           count(*) filter (where outcome = 'connected' and inbound_id is null) as connected, count(quality) as measured, sum(cost_micros)::float8 as "costMicros",
           avg((quality->'customer'->>'mos')::float8) as mos, avg((quality->'customer'->>'loss')::float8) as loss,
           avg((quality->'customer'->>'jitterMs')::float8) as "jitterMs", avg((quality->'customer'->>'roundTripMs')::float8) as "roundTripMs"
      from dialer.attempt where id >= ${sinceId}::uuid and line_id is not null group by line_id`
}

export interface StoredResult {
  lineId: LineId
  attemptId: AttemptId
  reason: OutcomeReason
}

/**
 * How the latest of these attempts ended on each line, oldest first. What was said before the line was changed, and what
 * was taken back already, no longer counts for it.
 */
export function recentResults(queryable: Queryable, sinceId: string, attemptsMax: number): Promise<StoredResult[]> {
  return queryable.sql<StoredResult>`
    with latest as materialized (
      select customer_id, id from dialer.attempt where id >= ${sinceId}::uuid order by id desc limit ${attemptsMax})
    select a.line_id as "lineId", a.id as "attemptId", a.outcome_reason as reason
      from latest join dialer.attempt a on a.customer_id = latest.customer_id and a.id = latest.id
      join dialer.line l on l.line_id = a.line_id
     where a.ended_at > l.updated_at and a.outcome_reason <> 'line-suspect' and a.inbound_id is null
     order by a.ended_at, a.id`
}
