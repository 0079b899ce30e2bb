/** A consumer process that handles events and never commits: `node hanging-member.ts URL GROUP TOPIC [NAME] [TTL]`. Killed by a test. */
import { createNotifier } from '@loopline/postgres/notify'
import { openPool } from '@loopline/postgres/pool'
import { openPostgresLog } from '../postgres-log.ts'

const [url = '', group = '', topic = '', processName = 'hanging', ttlMs = '1000'] = process.argv.slice(2)
const log = openPostgresLog({ db: openPool({ url, name: 'hanging member' }), url, notifier: createNotifier({ url, name: 'hanging member' }), ttlMs: Number(ttlMs), processName })
const consumer = log.consume({
  group,
  topics: [topic],
  handle: () => {
    process.stdout.write('handled\n')
    return new Promise(() => undefined)
  },
})
await consumer.joined
process.stdout.write('joined\n')
