import type { Clock } from '@loopline/clock/clock'
import type { Consumer, EventLog } from '@loopline/event-log/event-log'
import type { Keyring } from '@loopline/keys/keyring'
import type { Queryable } from '@loopline/postgres/queryable'
import type { Logger } from '@loopline/telemetry/logger'
import { webhookHandler } from './deliver.ts'
import { listWebhooks } from './webhook.sql.ts'
import type { WebhookRow } from './webhook.sql.ts'

export interface WebhookWorker {
  /** Looks at the table now: what changed is started, restarted or stopped. */
  sync(): Promise<void>
  stop(): Promise<void>
}

interface Running {
  version: number
  group: string
  consumer: Consumer
}

/** Another hub process may have changed a webhook. */
const LOOK_EVERY_MS = 5_000

const groupOf = ({ id, generation }: WebhookRow): string => `hub.webhook.${id}.${generation}`

/** One consumer group of the log for each active webhook; processes share its partitions. */
export function startWebhooks(deps: { db: Queryable; keys: Keyring; clock: Clock; eventLog: EventLog; log: Logger; loopbackAllowed: boolean }): WebhookWorker {
  const running = new Map<string, Running>()

  const start = (row: WebhookRow): void => {
    const consumer = deps.eventLog.consume({
      group: groupOf(row), topics: row.topics, batchMax: 200, from: row.generation === 1 ? 'latest' : 'earliest', handle: webhookHandler(row, deps),
    })
    running.set(row.id, { version: row.version, group: groupOf(row), consumer })
  }

  const end = async (id: string, row: WebhookRow | undefined): Promise<void> => {
    const found = running.get(id)
    if (!found) return
    running.delete(id)
    await found.consumer.stop()
    // A group that never comes back would hold back the pruning of the log.
    if (!row || groupOf(row) !== found.group) await deps.eventLog.forgetGroup(found.group)
  }

  const look = async (): Promise<void> => {
    const rows = new Map((await listWebhooks(deps.db)).map((row) => [row.id, row]))
    for (const [id, { version }] of running) {
      const row = rows.get(id)
      if (!row?.active || row.version !== version) await end(id, row)
    }
    for (const row of rows.values()) if (row.active && !running.has(row.id)) start(row)
  }

  let looking = Promise.resolve()
  const sync = (): Promise<void> => {
    looking = looking.then(look).catch((error: unknown) => deps.log.warn({ err: error }, 'webhooks could not be looked at'))
    return looking
  }
  const timer = setInterval(() => void sync(), LOOK_EVERY_MS).unref()
  void sync()
  return {
    sync,
    async stop() {
      clearInterval(timer)
      await looking
      await Promise.all([...running.values()].map(({ consumer }) => consumer.stop()))
    },
  }
}
