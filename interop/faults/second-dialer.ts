/** A second dialer beside the product's own, on the same database and the same voice, as on a second machine (F30). */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { eventually } from '../product.ts'
import type { ObservedProduct } from './observed-product.ts'

const SERVER = fileURLToPath(new URL('../../apps/server/main.ts', import.meta.url))

export interface SecondDialer {
  /** As the database knows it. */
  id: string
  signal(signal: NodeJS.Signals): void
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
}

/** @param databaseUrl where it finds the database: the product's own, or a proxy before it. */
export async function startSecondDialer(observed: ObservedProduct, databaseUrl: string): Promise<SecondDialer> {
  const { product } = observed
  const told = (child: string, name: string): string => String(observed.child(child).told[name])
  const known = new Set((await instances(observed)))
  const child = spawn(process.execPath, [SERVER, 'serve', 'dialer'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env, LOG_LEVEL: 'fatal', DATABASE_URL: databaseUrl, LOOPLINE_KEY_FILE: join(product.home, 'keys.json'), DIALER_PORT: '0',
      CRM_URL: told('crm', 'crm'), VOICE_LINK: told('voice', 'voiceLink'), HUB_INTERNAL_URL: told('hub', 'hubInternal'),
    },
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ids = await eventually('the second dialer is known', () => instances(observed), (now) => now.some((id) => !known.has(id)), 30_000)
  return {
    id: ids.find((id) => !known.has(id)) as string,
    signal: (signal) => void child.kill(signal),
    async kill() {
      child.kill('SIGKILL')
      await gone
    },
  }
}

const instances = async (observed: ObservedProduct): Promise<string[]> =>
  (await observed.query<{ id: string }>('select dialer_id as id from dialer.instance')).map((row) => row.id)

/** Which slots this dialer has, with their tokens. */
export async function slotsOf(observed: ObservedProduct, dialerId: string): Promise<{ slot: number; token: number }[]> {
  return observed.query('select slot, token::int as token from dialer.slot where dialer_id = $1', dialerId)
}

/** Attempts of this dialer under a token that somebody else's had already overtaken. */
export function attemptsBehind(observed: ObservedProduct, dialerId: string, since: Date, taken: { slot: number; token: number }[]): Promise<number> {
  return observed.number(`
    select count(*)::int as n from dialer.attempt a
      join unnest($3::int[], $4::bigint[]) as taken(slot, token) on taken.slot = loopline.bucket(a.customer_id) % 64
     where a.dialer_id = $1 and a.started_at > $2 and a.lease_token < taken.token`,
  dialerId, since, taken.map((one) => one.slot), taken.map((one) => one.token))
}
