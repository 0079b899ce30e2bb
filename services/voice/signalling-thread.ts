/**
 * One signalling thread: owns the sockets of its lines and every call on them. It speaks to the main thread in batches,
 * so that neither HTTP nor the link ever delays a retransmission. Starts by ending what a dead process left.
 */
import { createSocket } from 'node:dgram'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '@loopline/vocabulary/assert'
import { dialledForm, reaches } from '@loopline/vocabulary/dialled-number'
import type { AttemptId, LineId } from '@loopline/vocabulary/ids'
import { LEGS_MAX } from '@loopline/contracts/voice-link'
import type { DialCommand, KnownTalk, Refusal, VoiceCallEvent } from '@loopline/contracts/voice-link'
import { createKeyring } from '@loopline/keys/keyring'
import { parseKeySet } from '@loopline/keys/key-file'
import { parseMessage } from '@loopline/sip/message'
import { answerToFailure } from '@loopline/sip/admission'
import { CallTable, CRASH_REASON, digestHash, type Placement } from './call-table.ts'
import { CallVoices } from './call-voices.ts'
import { callIdOf } from './call-settings.ts'
import { Journal, dropJournals, readJournals } from './journal.ts'
import { InboundCalls } from './inbound/inbound-calls.ts'
import { isProbe, LineTable, type Line } from './line-table.ts'
import { LineProbes } from './line-probe.ts'
import type { LineSocketHandlers } from './line-socket.ts'
import { NameResolver } from './name-resolver.ts'
import { endOrphans } from './orphans.ts'
import type { FromMedia } from './media/media-messages.ts'
import type { FromThread, ThreadStart, ToThread } from './thread-messages.ts'
import { createWakes } from './wakes.ts'

const start = workerData as ThreadStart
const port = parentPort
assert(port, 'runs as a worker thread')
const keyring = createKeyring(parseKeySet(start.keys))

/** Call-IDs of the last two minutes: a command is obeyed once, and a later one is past its deadline anyway. */
const SEEN_FOR_MS = 120_000
const seen = new Map<string, number>()

let pending: VoiceCallEvent[] = []
let flushScheduled = false
/** At most this many events travel in one message. */
const BATCH = 100

function tell(event: VoiceCallEvent): void {
  pending.push(event)
  if (pending.length >= BATCH) return flushEvents()
  if (flushScheduled) return
  flushScheduled = true
  setTimeout(flushEvents, 2) // one message for what arrives together; 2 ms are lost in the network's own jitter
}

function flushEvents(): void {
  flushScheduled = false
  if (pending.length === 0) return
  const events = pending
  pending = []
  say({ type: 'calls', events })
}

/** The main thread's logger is not here: a line in its form, with nothing of a customer in it. */
function complain(msg: string, fields: Record<string, unknown>): void {
  console.error(JSON.stringify({ name: 'voice', level: 50, msg, ...fields }))
}

function say(message: FromThread): void {
  port?.postMessage(message)
}

const left = readJournals(start.journalFolder, start.bootId, (thread) => thread % start.threads === start.thread)
const mine = left.calls
const journal = new Journal(start.journalFolder, start.thread, start.bootId)
for (const call of mine) journal.adopt(call)
journal.flush()
dropJournals(start.journalFolder, (thread) => thread >= start.threads && thread % start.threads === start.thread)

const media = createSocket('udp4')
media.on('message', () => undefined) // calls without voice play nothing and hear nothing; the port is real
media.on('error', () => undefined)

const wakes = createWakes((id, now) => calls.wake(id, now))
const voices = new CallVoices({ onMessage: onMedia, onLost: () => {
  calls.hangUpVoices(CRASH_REASON, performance.now())
  inbound.hangUpVoices(CRASH_REASON, performance.now())
} })
const calls = new CallTable({ journal, wakes, tell, voices, mediaPort: () => media.address().port, onJournalError: (error) => complain('the journal cannot be written', { error: error.message }) })
const inbound = new InboundCalls({
  journal, keys: keyring, voices, tell, hasRoom: () => calls.open + inbound.open < start.callsMax,
  onJournalError: (error) => complain('the journal cannot be written', { error: error.message }),
})
const probes = new LineProbes()
const datagrams = { in: 0, malformed: 0, strangers: 0 }

const portsFile = join(start.journalFolder, `ports-${start.thread}.json`)
const ports = readPorts()

const names = new NameResolver(start.dns)
const lines = new LineTable({
  resolve: (name) => names.resolve(name),
  inTurn: (work) => { ready = ready.then(work).catch((error: unknown) => complain('a line could not follow its name', { error: error instanceof Error ? error.stack : String(error) })) },
  onNameless(config, why) {
    say({ type: 'line-state', status: { lineId: config.lineId, state: 'down', reason: why, localPort: 0 }, at: Date.now() })
  },
  wantedPort: (lineId) => ports[lineId] ?? 0,
  hash: digestHash,
  unsealPassword: (config) => (config.authPasswordSealed === null ? null : keyring.open(Buffer.from(config.authPasswordSealed, 'base64'), config.lineId)),
  handlers: socketHandlers,
  onState(line) {
    rememberPort(line)
    say({ type: 'line-state', status: line.status(), at: Date.now() })
  },
  onError(config, error) {
    say({ type: 'line-state', status: { lineId: config.lineId, state: 'down', reason: `cannot-open: ${error.message}`, localPort: 0 }, at: Date.now() })
  },
})

function socketHandlers(line: () => Line): LineSocketHandlers {
  return {
    onDatagram(text) {
      datagrams.in += 1
      const now = performance.now()
      const from = line()
      if (from.heard(now)) say({ type: 'line-state', status: from.status(), at: Date.now() })
      try {
        receive(text, from, now)
      } catch (error) {
        // One datagram never ends the thread: it is counted, and the call it belonged to goes on by its timers.
        datagrams.malformed += 1
        complain('a datagram could not be handled', { error: error instanceof Error ? error.stack : String(error) })
      }
    },
    onStranger() {
      datagrams.strangers += 1
    },
    onSendError: () => undefined, // each send has its own handler
  }
}

function receive(text: string, line: Line, now: number): void {
  const message = parseMessage(text)
  if (message.kind === 'failure') {
    datagrams.malformed += 1
    const answer = answerToFailure(message, randomBytes(4).toString('hex'))
    if (answer !== null) line.socket.send(answer)
    return
  }
  if (message.kind === 'response' && isProbe(message.callId)) return probes.hear(message, now)
  if (message.kind === 'response' && message.cseqMethod === 'REGISTER') return line.registrar?.hear(message)
  if (calls.hasCall(message.callId) || !inbound.receive(message, line, now)) calls.receive(message, line, now)
  lines.closeIfIdle(line)
}

function dial(commands: DialCommand[]): void {
  const now = performance.now()
  const batch: Placement[] = []
  for (const command of commands) {
    const line = lines.get(command.lineId)
    const refusal = refusalOf(command, line)
    if (refusal !== null || !line) {
      refuse(command, refusal ?? 'no-line')
      continue
    }
    try {
      const number = keyring.openPhone(Buffer.from(command.phoneSealed, 'base64'), command.customerId).reveal()
      if (!reaches(line.config.mayCall ?? [], number)) {
        refuse(command, 'not-permitted')
        continue
      }
      const endpoint = command.talk === undefined ? null : voices.take()
      if (command.talk !== undefined && endpoint === null) {
        refuse(command, 'no-media')
        continue
      }
      batch.push({ command, number, line, endpoint })
      seen.set(callIdOf(command.attemptId, command.leg), Date.now())
    } catch {
      refuse(command, 'unreadable-number')
    }
  }
  for (const { line } of batch) line.asked(now)
  calls.place(batch, now)
}

/** Answered by the thread that owns the line; of a line that is not open, by the one that would. */
function probe({ lineId, probeId }: Extract<ToThread, { type: 'probe-line' }>): void {
  probes.ask(lines.get(lineId), (answer) => say({ type: 'line-probed', lineId, probeId, probe: answer }))
}

/** The order of these is the order of what must never happen. */
function refusalOf(command: DialCommand, line: Line | undefined): Refusal | null {
  if (command.epoch !== start.epoch) return 'wrong-epoch'
  if (seen.has(callIdOf(command.attemptId, command.leg)) || !journal.mayFollow(command.attemptId, command.leg ?? 1)) return 'seen'
  if (Date.now() > command.dialBy) return 'expired'
  if (!line || line.retired || !line.config.enabled) return 'no-line'
  if (line.config.sandbox !== command.sandbox) return 'sandbox-mismatch'
  if (line.inUse >= line.config.maxConcurrent || calls.open + inbound.open >= start.callsMax) return 'line-full'
  return null
}

function refuse(command: DialCommand, refusal: Refusal): void {
  tell({ kind: 'refused', attemptId: command.attemptId, at: Date.now(), refusal, ...(command.leg !== undefined && { leg: command.leg }) })
}

/** What the media thread says of our calls. */
function onMedia(message: FromMedia): void {
  switch (message.type) {
    case 'joined': return tableOf(message.attemptId).noteTalk(message.attemptId, { agentId: message.agentId, connectedAt: message.at })
    case 'fell-back': return tableOf(message.attemptId).noteTalk(message.attemptId, { fallbackAt: message.at })
    case 'hang-up': return message.why === 'silent' ? tableOf(message.attemptId).giveUpSilent(message.attemptId, performance.now()) : hangUp(message.attemptId)
    default: return undefined
  }
}

/** Where a call is: among those that came in, or those that we placed. */
const tableOf = (attemptId: AttemptId): InboundCalls | CallTable => (inbound.isAlive(attemptId) ? inbound : calls)

const hangUp = (attemptId: AttemptId): void => tableOf(attemptId).hangUp(attemptId, performance.now())

async function onMessage(message: ToThread): Promise<void> {
  switch (message.type) {
    case 'lines': return lines.adopt(message.lines, performance.now())
    case 'dial': return dial(message.calls)
    case 'probe-line': return probe(message)
    case 'stop': return calls.stopCampaigns(new Set(message.campaignIds), performance.now())
    case 'inbound': return message.orders.forEach((order) => inbound.obey(order, performance.now()))
    case 'hang-up': return message.attemptIds.forEach(hangUp)
    case 'stop-ringing': return calls.stopRinging(new Set(message.attemptIds), performance.now())
    case 'ack':
      return journal.add({ kind: 'acked', attemptIds: message.attemptIds }) // written with the next call's record: losing it repeats a result
    case 'unacknowledged': return say({ type: 'unacknowledged', serial: message.serial, events: unacknowledged() })
    case 'media': return voices.adopt(message.port, message.addresses)
    case 'query': return answerQuery(message.serial, message.attemptIds, message.legs ?? {})
    case 'shut-down': return shutDown()
  }
}

function unacknowledged(): VoiceCallEvent[] {
  const results = journal.unacknowledged().map((known): VoiceCallEvent => ({ kind: 'ended', at: known.result.endedAt, ...known }))
  return [...inbound.offers(), ...results]
}

function answerQuery(serial: number, attemptIds: AttemptId[], legs: Record<AttemptId, number>): void {
  const results = new Map(journal.unacknowledged().map((known) => [known.attemptId, known]))
  const ended: VoiceCallEvent[] = []
  const alive: AttemptId[] = []
  const neverSeen: AttemptId[] = []
  const talks: KnownTalk[] = []
  for (const attemptId of attemptIds) {
    const known = results.get(attemptId)
    // An earlier leg's end says nothing of the one that is asked for.
    if (known && (known.leg ?? 1) >= (legs[attemptId] ?? 1)) ended.push({ kind: 'ended', at: known.result.endedAt, ...known })
    else if (calls.isAlive(attemptId) || inbound.isAlive(attemptId)) {
      alive.push(attemptId)
      talks.push(...tableOf(attemptId).talkOf(attemptId))
    } else {
      // Whoever asks will close it: a command for it that is still on its way, on another connection, must find it seen.
      for (let leg = 1; leg <= LEGS_MAX; leg += 1) seen.set(callIdOf(attemptId, leg), Date.now())
      neverSeen.push(attemptId)
    }
  }
  say({ type: 'known', serial, alive, neverSeen, talks, ended })
}

/** Ends every call politely; what has no answer to its BYE within a second is left to the next start's journal. */
async function shutDown(): Promise<void> {
  calls.hangUpAll(CRASH_REASON, performance.now())
  inbound.hangUpAll(CRASH_REASON, performance.now())
  const until = performance.now() + 1_000
  while (calls.open + inbound.open > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
  flushEvents()
  clearInterval(ticking)
  wakes.close()
  probes.close()
  names.close()
  inbound.close()
  lines.close()
  voices.shutDown()
  media.close()
  journal.close()
  say({ type: 'stopped' })
}

function readPorts(): Record<LineId, number> {
  try {
    return JSON.parse(readFileSync(portsFile, 'utf8')) as Record<LineId, number>
  } catch {
    return {}
  }
}

function rememberPort(line: Line): void {
  const { lineId, localPort } = line.status()
  if (ports[lineId] === localPort) return
  ports[lineId] = localPort
  writeFileSync(portsFile, JSON.stringify(ports), { mode: 0o600 })
}

const ticking = setInterval(() => {
  const now = performance.now()
  lines.look(now)
  const old = Date.now() - SEEN_FOR_MS
  for (const [id, at] of seen) {
    if (at > old) break // in order of insertion
    seen.delete(id)
  }
  const { invites, finals, retransmissions, wakeLateMaxMs } = calls.counters
  say({
    type: 'counters',
    counters: {
      callsOpen: calls.open + inbound.open, mediaPortsFree: voices.portsFree, invites, finals, retransmissions, wakeLateMaxMs,
      datagramsIn: datagrams.in, datagramsOut: 0, malformed: datagrams.malformed, strangers: datagrams.strangers,
    },
  })
}, 1_000)

async function recover(): Promise<void> {
  await new Promise<void>((resolve) => media.bind({ address: '127.0.0.1', port: 0 }, resolve))
  const results = await endOrphans(mine, {
    numberOf: ({ placed }) => dialledForm(placed, keyring.openPhone(Buffer.from(placed.phoneSealed, 'base64'), placed.customerId).reveal()),
    inviteOf: ({ placed }) => keyring.open(Buffer.from(placed.inviteSealed ?? '', 'base64'), placed.attemptId),
    branchSeed: () => randomBytes(8).toString('hex'),
    onError: (error) => complain('an orphan could not be ended', { error: error.message }),
  })
  const legs = new Map(mine.map(({ placed }) => [placed.attemptId, placed.leg]))
  for (const [attemptId, result] of results) {
    const leg = legs.get(attemptId)
    journal.add({ kind: 'ended', attemptId, result })
    tell({ kind: 'ended', attemptId, at: result.endedAt, result, ...(leg !== undefined && { leg }) })
  }
  journal.flush()
  flushEvents()
  say({ type: 'recovered', orphans: [...results.keys()], whole: left.whole })
}

// Orders wait until the orphans are ended: their sockets are the lines' sockets.
let ready: Promise<void> = recover()
port.on('message', (message: ToThread) => {
  ready = ready.then(() => onMessage(message)).catch((error: unknown) => {
    complain('an order failed', { order: message.type, error: error instanceof Error ? error.stack : String(error) })
  })
})
