/**
 * Decides what a new voice process knows of the calls of a dead one. Every call is written here before its INVITE
 * leaves, and its dialog before the ACK of its 200, by one plain write each: the bytes are then the kernel's and survive
 * kill -9. There is no fsync: after a power cut the carrier's own session timers end the calls, and the boot id in the
 * first line tells that the tail may be missing. Numbers are written sealed.
 */
import { closeSync, openSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { AttemptId, CampaignId, CustomerId, LineId } from '@loopline/vocabulary/ids'
import type { NumberFormat } from '@loopline/vocabulary/dialled-number'
import type { CallResult, TalkResult } from '@loopline/contracts/voice-link'

/** What is known of a call before its INVITE leaves: enough to cancel it from another process. */
export interface PlacedRecord {
  kind: 'placed'
  attemptId: AttemptId
  customerId: CustomerId
  campaignId: CampaignId | null
  lineId: LineId
  /** host:port of the carrier and of our socket: a CANCEL must come from where the INVITE came (RFC 3261 §9.1). */
  remote: string
  local: string
  callId: string
  fromTag: string
  branchSeed: string
  phoneSealed: string
  callerId: string
  /** With what follows: how the number was written in the request line, which a CANCEL must repeat (RFC 3261 §9.1). */
  numberFormat: NumberFormat
  countryCode?: string
  stripPrefix?: string
  addPrefix?: string
  /** Absent: UDP. `tlsName` and `tlsCa`: as the connection was wanted. */
  transport?: 'tcp' | 'tls'
  tlsName?: string
  tlsCa?: string
  at: number
  /** Which leg of its attempt; absent: the first. */
  leg?: number
  /** Only of a call that came in: its INVITE as received but for the body, sealed with the attempt's id. `fromTag` is then our tag in To. */
  inviteSealed?: string
}

/** The dialog after a 2xx: enough to send its BYE (RFC 3261 §12.2.1.1). */
export interface AnsweredRecord {
  kind: 'answered'
  attemptId: AttemptId
  at: number
  toTag: string
  remoteTarget: string
  routeSet: string[]
  cseq: number
}

export type JournalRecord =
  | PlacedRecord
  /** The early dialog, and the number of the INVITE that stands: an answered challenge raises it. */
  | { kind: 'early'; attemptId: AttemptId; ringingAt: number | null; toTag: string; cseq: number }
  | AnsweredRecord
  /** A call with voice: whom the person has heard so far. */
  | { kind: 'talk'; attemptId: AttemptId; talk: TalkResult }
  | { kind: 'ended'; attemptId: AttemptId; result: CallResult }
  | { kind: 'acked'; attemptIds: AttemptId[] }

/** One call as the journal tells it. */
export interface JournaledCall {
  placed: PlacedRecord
  ringingAt: number | null
  toTag: string
  inviteCseq: number
  answered: AnsweredRecord | null
  talk: TalkResult | null
  result: CallResult | null
}

const COMPACT_AFTER_BYTES = 16 * 2 ** 20

/** Applies records in order; calls that are acknowledged are forgotten. */
export function replay(calls: Map<AttemptId, JournaledCall>, record: JournalRecord): void {
  if (record.kind === 'acked') {
    for (const id of record.attemptIds) calls.delete(id)
    return
  }
  if (record.kind === 'placed') {
    calls.set(record.attemptId, { placed: record, ringingAt: null, toTag: '', inviteCseq: 1, answered: null, talk: null, result: null })
    return
  }
  const call = calls.get(record.attemptId)
  if (!call) return
  if (record.kind === 'early') {
    call.ringingAt = record.ringingAt
    call.toTag = record.toTag
    call.inviteCseq = record.cseq
  }
  if (record.kind === 'answered') call.answered = record
  if (record.kind === 'talk') call.talk = record.talk
  if (record.kind === 'ended') call.result = record.result
}

export class Journal {
  readonly #path: string
  readonly #bootId: string
  readonly #live = new Map<AttemptId, JournaledCall>()
  #file: number
  #bytes = 0
  #pending = ''

  /** Opens `folder/journal-<thread>.ndjson`, anew: what a former process left has been read by `readJournals` before. */
  constructor(folder: string, thread: number, bootId: string) {
    this.#path = join(folder, `journal-${thread}.ndjson`)
    this.#bootId = bootId
    this.#file = this.#rewrite()
  }

  /** Remembers a record until `flush`; several records then cost one write. */
  add(record: JournalRecord): void {
    replay(this.#live, record)
    this.#pending += `${JSON.stringify(record)}\n`
  }

  /**
   * Hands what was added to the kernel. Call it before the datagram that the records are about.
   * @throws when the disk is full: what was added waits for the next flush, on a line of its own.
   */
  flush(): void {
    if (this.#pending === '') return
    try {
      this.#bytes += writeSync(this.#file, this.#pending)
      this.#pending = ''
    } catch (error) {
      if (!this.#pending.startsWith('\n')) this.#pending = `\n${this.#pending}` // half a line may have been written
      throw error
    }
    if (this.#bytes > COMPACT_AFTER_BYTES) {
      closeSync(this.#file)
      this.#file = this.#rewrite()
    }
  }

  /** Results that no dialer has acknowledged. */
  unacknowledged(): { attemptId: AttemptId; result: CallResult; leg?: number }[] {
    return [...this.#live.values()].flatMap(({ placed: { attemptId, leg }, result }) => (result ? [{ attemptId, result, ...(leg !== undefined && { leg }) }] : []))
  }

  /** Whether a leg may follow: nothing is known of the attempt here, or an earlier leg of it, which has ended. */
  mayFollow(attemptId: AttemptId, leg: number): boolean {
    const known = this.#live.get(attemptId)
    return known === undefined || (known.result !== null && (known.placed.leg ?? 1) < leg)
  }

  /** A call that was announced and never placed. */
  forget(attemptIds: AttemptId[]): void {
    this.add({ kind: 'acked', attemptIds })
  }

  /** Takes over a call of a dead process, so that its result waits here for its acknowledgement. */
  adopt(call: JournaledCall): void {
    for (const record of recordsOf(call)) this.add(record)
  }

  close(): void {
    this.flush()
    closeSync(this.#file)
  }

  /** Writes only what is still needed, beside the old file, and then takes its place: no instant without a journal. */
  #rewrite(): number {
    const next = `${this.#path}.next`
    const lines = [JSON.stringify({ kind: 'boot', bootId: this.#bootId })]
    for (const call of this.#live.values()) lines.push(...recordsOf(call).map((record) => JSON.stringify(record)))
    const text = `${lines.join('\n')}\n`
    writeFileSync(next, text, { mode: 0o600 })
    renameSync(next, this.#path)
    this.#bytes = 0
    return openSync(this.#path, 'a', 0o600)
  }
}

function recordsOf(call: JournaledCall): JournalRecord[] {
  const { attemptId } = call.placed
  const records: JournalRecord[] = [call.placed]
  const { ringingAt, toTag, inviteCseq } = call
  if (ringingAt !== null || toTag !== '' || inviteCseq > 1) records.push({ kind: 'early', attemptId, ringingAt, toTag, cseq: inviteCseq })
  if (call.answered) records.push(call.answered)
  if (call.talk) records.push({ kind: 'talk', attemptId, talk: call.talk })
  if (call.result) records.push({ kind: 'ended', attemptId, result: call.result })
  return records
}

export interface LeftCalls {
  calls: JournaledCall[]
  /** false when the machine was restarted since, or a journal's head is unreadable: calls may be missing. */
  whole: boolean
}

/**
 * Reads the journals in the folder that fall to this thread; a line cut by the kill is the last one and is left out.
 * @param mine whether the journal of that number is this thread's to adopt.
 */
export function readJournals(folder: string, bootId: string, mine: (thread: number) => boolean = () => true): LeftCalls {
  const calls = new Map<AttemptId, JournaledCall>()
  let whole = true
  for (const name of journalsIn(folder, mine)) {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n')
    const head = parseLine(lines[0] ?? '') as { kind?: string; bootId?: string } | null
    if (head?.kind !== 'boot' || head.bootId !== bootId) whole = false
    const ofThis = new Map<AttemptId, JournaledCall>()
    for (const line of lines.slice(1)) {
      const record = parseLine(line)
      if (record !== null) replay(ofThis, record as JournalRecord)
    }
    for (const [attemptId, call] of ofThis) if (!isLater(calls.get(attemptId), call)) calls.set(attemptId, call)
  }
  return { calls: [...calls.values()], whole }
}

/** Legs of one attempt may be in the journals of two threads: the later one is what stands. */
const isLater = (known: JournaledCall | undefined, other: JournaledCall): boolean => known !== undefined && (known.placed.leg ?? 1) > (other.placed.leg ?? 1)

/** Removes the journals of threads that are no more, once their calls are adopted into another. */
export function dropJournals(folder: string, ofThread: (thread: number) => boolean): void {
  for (const name of journalsIn(folder, ofThread)) rmSync(join(folder, name), { force: true })
}

function journalsIn(folder: string, wanted: (thread: number) => boolean): string[] {
  return readdirSync(folder).filter((name) => {
    const thread = /^journal-(\d+)\.ndjson$/.exec(name)?.[1]
    return thread !== undefined && wanted(Number(thread))
  })
}

/** Names the running kernel: two starts with the same id lost nothing that was written. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return 'unknown'
  }
}

function parseLine(line: string): unknown {
  if (line === '') return null
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}
