import { Webhook } from 'standardwebhooks'
import type { Clock } from '@loopline/clock/clock'
import { RetryLaterError } from '@loopline/event-log/event-log'
import type { LogEvent } from '@loopline/event-log/event-log'
import type { Keyring } from '@loopline/keys/keyring'
import type { Queryable } from '@loopline/postgres/queryable'
import { post } from './post.ts'
import { noteDelivered, noteFailure } from './webhook.sql.ts'
import type { WebhookRow } from './webhook.sql.ts'

interface Surroundings {
  db: Queryable
  keys: Keyring
  clock: Clock
  loopbackAllowed: boolean
}

const AT_ONCE = 16
const BACK_OFF_MAX_MS = 300_000
/** The last delivery is shown to people; a second is fine enough. */
const NOTE_EVERY_MS = 1_000
/** A batch that is brought again in halves, or after a pause, is far smaller. */
const TAKEN_MAX = 5_000

/** The receiver refused this one event; the log sets its key aside and brings it again later, the others go on. */
class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** The receiver said that it wants nothing more, ever. */
class GoneError extends RetryLaterError {}

/**
 * Handles the log's events for one receiver: each is posted as it stands, signed by the Standard Webhooks scheme, in
 * order per key. A receiver that is away is asked again after 1, 2, 4 … 300 s; what it has taken of a batch is not sent
 * twice by this process. Delivered at least once: receivers go by `webhook-id`.
 */
export function webhookHandler(webhook: WebhookRow, around: Surroundings): (events: readonly LogEvent[]) => Promise<void> {
  const sign = signer(webhook, around)
  const taken = new Set<string>()
  let failures = 0
  let notBefore = 0
  let noteAgainAt = 0

  const send = async (event: LogEvent): Promise<void> => {
    const message = messageOf(event, webhook.since)
    if (!message || taken.has(message.id)) return
    const status = await post({ url: webhook.url, loopbackAllowed: around.loopbackAllowed }, message.body, sign(message.id, message.body))
    if (status >= 200 && status < 300) return remember(taken, message.id)
    if (status === 410) throw new GoneError('the receiver answered 410: gone')
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) throw new RefusedError(`the receiver answered ${status}`)
    throw new RetryLaterError(`the receiver answered ${status}`)
  }

  const fail = async (error: unknown): Promise<never> => {
    if (error instanceof RefusedError) throw error
    failures += 1
    notBefore = around.clock.monotonic() + Math.min(1_000 * 2 ** (failures - 1), BACK_OFF_MAX_MS) * (0.75 + Math.random() / 2)
    const reason = error instanceof Error ? error.message : 'unknown'
    await noteFailure(around.db, webhook.id, reason, error instanceof GoneError)
    throw error instanceof RetryLaterError ? error : new RetryLaterError(reason)
  }

  return async (events) => {
    if (around.clock.monotonic() < notBefore) throw new RetryLaterError('the receiver is given time')
    await sendByKey(events, send).catch(fail)
    const now = around.clock.monotonic()
    if (failures === 0 && now < noteAgainAt) return
    await noteDelivered(around.db, webhook.id)
    noteAgainAt = now + NOTE_EVERY_MS
    failures = 0
  }
}

function remember(taken: Set<string>, id: string): void {
  if (taken.size >= TAKEN_MAX) taken.delete(taken.values().next().value as string)
  taken.add(id)
}

/** Keys side by side, the events of one key one after the other. */
async function sendByKey(events: readonly LogEvent[], send: (event: LogEvent) => Promise<void>): Promise<void> {
  const chains = [...Map.groupBy(events, ({ topic, key }) => `${topic}/${key}`).values()]
  const worker = async (): Promise<void> => {
    for (let chain = chains.pop(); chain; chain = chains.pop()) for (const event of chain) await send(event)
  }
  const results = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, chains.length) }, worker))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

function signer(webhook: WebhookRow, { keys, clock }: Surroundings): (id: string, body: string) => Record<string, string> {
  const current = new Webhook(keys.open(webhook.secretSealed, webhook.id))
  const previous = webhook.previousSealed && new Webhook(keys.open(webhook.previousSealed, webhook.id))
  return (id, body) => {
    const now = new Date(clock.now())
    const signatures = [current.sign(id, now, body)]
    if (previous && webhook.previousUntil && webhook.previousUntil > now) signatures.push(previous.sign(id, now, body))
    return { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)), 'webhook-signature': signatures.join(' ') }
  }
}

/** The event as it goes out; null when it is older than what was asked to be replayed. Sealed numbers stay inside. */
function messageOf({ body, topic }: LogEvent, since: Date | null): { id: string; body: string } | null {
  const event = JSON.parse(body) as { id: string; time: string; data: Record<string, unknown> }
  if (since && Date.parse(event.time) < since.getTime()) return null
  if (topic !== 'crm.customer') return { id: event.id, body }
  const { phones: _sealed, ...data } = event.data
  return { id: event.id, body: JSON.stringify({ ...event, data }) }
}
