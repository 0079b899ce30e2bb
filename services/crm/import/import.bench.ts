/*
 * How fast a file of synthetic customers is imported by one thread, alone on the machine.
 * Run: node services/crm/import/import.bench.ts [rows]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@loopline/clock/new-id'
import { loadKeyring } from '@loopline/keys/keyring'
import { startEmbedded } from '@loopline/postgres/embedded-server'
import { migrate } from '@loopline/postgres/migrate'
import { openPool } from '@loopline/postgres/pool'
import { silentLogger } from '@loopline/telemetry/logger'
import type { ImportId } from '@loopline/vocabulary/ids'
import { MIGRATIONS } from '../test/harness.ts'
import { startImportThread } from './import-thread.ts'
import { importRow, insertImport } from './import.sql.ts'
import type { Options } from './import-column.ts'
import { uploadPath } from './run-import.ts'
import { SealedFile } from './sealed-file.ts'
import { syntheticFile } from './synthetic-file.ts'

const [rows = 100_000] = process.argv.slice(2).map(Number)
const folder = await mkdtemp(join(tmpdir(), 'crm-import-'))
const server = await startEmbedded({ dataDir: join(folder, 'pg'), log: silentLogger() })
try {
  await migrate(server.url, MIGRATIONS)
  const db = openPool({ url: server.url, name: 'bench', max: 2, statementTimeoutMs: 0 })
  const keySource = { file: join(folder, 'keys.json') }
  const importId = newId<ImportId>()
  const file = await SealedFile.create(uploadPath(folder, importId), loadKeyring(keySource), importId)
  let bytes = 0
  for await (const piece of syntheticFile(rows)) {
    bytes += piece.length
    await file.append(piece)
  }
  await file.close()
  const options: Options = {
    columns: ['name', 'company', 'phone', 'level', 'tags', 'region', 'industry', 'intent'], hasHeader: true, duplicates: 'skip', defaultLevel: 'C',
    defaultRegion: null, declaration: { legalBasis: 'consent', source: '展会登记', collectedAt: '2026-01-01', evidence: '登记表', coversRecording: false },
  }
  await insertImport(db, { importId, fileName: 'bench.csv', fileBytes: bytes, options, createdBy: 'bench', createdByName: 'bench', createdAt: new Date(Date.now()) })

  const started = performance.now()
  const cpu = process.cpuUsage()
  let firstDialableMs: number | null = null
  let peakRssMb = 0
  let postgresSeconds = 0
  /** User and system time of the import's backend, from /proc (ticks of 10 ms). */
  const backendSeconds = async (): Promise<number> => {
    const [backend] = await db.sql<{ pid: number }>`select pid from pg_stat_activity where application_name = 'loopline crm import'`
    const fields = backend ? (await readFile(`/proc/${backend.pid}/stat`, 'utf8').catch(() => '')).split(') ')[1]?.split(' ') ?? [] : []
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100
  }
  const look = async (): Promise<void> => {
    peakRssMb = Math.max(peakRssMb, process.memoryUsage().rss / 1e6)
    postgresSeconds = Math.max(postgresSeconds, await backendSeconds())
    if (firstDialableMs === null && (await importRow(db, importId))?.created) firstDialableMs = Math.round(performance.now() - started)
  }
  const watch = setInterval(() => void look(), 100)
  await startImportThread({ importId, databaseUrl: server.url, dataDir: folder, keySource }).done
  clearInterval(watch)
  const seconds = (performance.now() - started) / 1_000
  const used = process.cpuUsage(cpu)
  const after = await importRow(db, importId)
  console.log(JSON.stringify({
    rows: after?.created, failed: after?.failed, seconds: +seconds.toFixed(1), perSecond: Math.round(rows / seconds), peakRssMb: Math.round(peakRssMb),
    firstDialableMs, ourMicrosecondsPerRow: +((used.user + used.system) / rows).toFixed(1),
    postgresMicrosecondsPerRow: +(postgresSeconds * 1e6 / rows).toFixed(1), load: (await readFile('/proc/loadavg', 'utf8')).split(' ')[0],
  }))
  const sizes = await db.sql`select relname, pg_size_pretty(pg_total_relation_size(oid)) as size from pg_class where relnamespace = 'crm'::regnamespace and relkind = 'r' order by pg_total_relation_size(oid) desc limit 7`
  console.log(sizes.map(({ relname, size }) => `${String(relname)} ${String(size)}`).join(', '))
  await db.close()
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
