import { expect, test } from 'vitest'
import { testDatabase } from '@loopline/postgres/test-database'
import { silentLogger } from '@loopline/telemetry/logger'
import type { Dialer } from '../dialer.ts'
import { followChange, syncCampaigns } from './sync-campaigns.ts'

const MIGRATIONS = [new URL('../../../drivers/event-log/migrations', import.meta.url), new URL('../migrations', import.meta.url)]

test('f6 a change that is stored is done, though the database is away before this process has followed it', async () => {
  const { db, drop } = await testDatabase(MIGRATIONS)
  await drop()
  const dialer = { db, log: silentLogger() } as unknown as Dialer // it reads the campaigns first, and gets no further
  await expect(syncCampaigns(dialer)).rejects.toThrow()
  await expect(followChange(dialer)).resolves.toBeUndefined()
})
