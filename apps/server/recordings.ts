/** `loopline recordings verify`: has the running dialer hold every recording against what was told of it, and says what it found. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { VerifiedRecordings } from '@loopline/contracts/recording'
import { createServiceClient, type ServiceClient } from '@loopline/http/service-client'
import { loadKeyring } from '@loopline/keys/keyring'
import { livingRun, openHome } from './home.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
/** A page of long recordings from a slow store. */
const PAGE_WITHIN_MS = 300_000
const PAGE = 20

/** Where the dialer is when it was started alone; empty: that of the installation in LOOPLINE_HOME. */
const Config = z.object({
  DIALER_URL: z.string().default(''), LOOPLINE_HOME: z.string().default(''), LOOPLINE_KEY_FILE: z.string().default(''), LOOPLINE_KEYS: z.string().optional(),
})

/** Nothing runs that could be asked. */
export class NothingRunsError extends Error {
  override readonly name = 'NothingRunsError'
}

/** @returns how many are damaged. @throws NothingRunsError; CodedError of the dialer */
export async function verifyRecordings(env: Record<string, string | undefined>, say: (text: string) => void): Promise<number> {
  const dialer = dialerOf(env)
  let [checked, damaged] = [0, 0]
  for (let cursor: string | null = null, goesOn = true; goesOn;) {
    const page: VerifiedPage = await dialer.call('/recordings/verify', { method: 'POST', body: { cursor, limit: PAGE }, answer: VerifiedRecordings, timeoutMs: PAGE_WITHIN_MS })
    checked += page.checked
    damaged += page.damaged.length
    for (const { attemptId, findings } of page.damaged) say(`${attemptId}: ${findings.map(({ kind, number }) => (number === undefined ? kind : `chunk ${number} ${kind}`)).join(', ')}`)
    cursor = page.next
    goesOn = cursor !== null
  }
  say(`${checked} recordings verified, ${damaged} damaged.`)
  return damaged
}

type VerifiedPage = z.infer<typeof VerifiedRecordings>

function dialerOf(env: Record<string, string | undefined>): ServiceClient {
  const config = Config.parse(env)
  const folders = config.LOOPLINE_HOME === '' ? [join(PROJECT, '.loopline', 'main'), join(PROJECT, '.loopline', 'demo')] : [config.LOOPLINE_HOME]
  const running = folders.filter((folder) => existsSync(folder)).map(openHome).find((home) => livingRun(home) !== null)
  const told = config.DIALER_URL || (running && livingRun(running)?.children.map((child) => child.told['dialer']).find((url) => typeof url === 'string'))
  const keyFile = config.LOOPLINE_KEY_FILE || running?.keyFile
  if (!told || (keyFile === undefined && config.LOOPLINE_KEYS === undefined)) throw new NothingRunsError('Nothing runs here that could be asked: start Loopline, name its folder in LOOPLINE_HOME, or name the dialer in DIALER_URL and its keys in LOOPLINE_KEY_FILE.')
  const keys = loadKeyring({ file: keyFile ?? '', value: config.LOOPLINE_KEYS })
  return createServiceClient({ baseUrl: told, identityKey: keys.signingKey('identity'), name: 'recordings' })
}
