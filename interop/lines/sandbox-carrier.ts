/** A carrier more than the demo has, as a process of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url))

export interface ExtraCarrier {
  /** host:port of its SIP over UDP. */
  sip: string
  logFile: string
  misbehave(switches: Readonly<Record<string, number | boolean>>): Promise<void>
  /** Instants at which INVITEs with a new Call-ID came, unix ms. */
  invitedAt(): number[]
  stop(): void
}

export async function startExtraCarrier(settings: Readonly<Record<string, string>>): Promise<ExtraCarrier> {
  const folder = mkdtempSync(join(tmpdir(), 'loopline carrier '))
  const logFile = join(folder, 'calls.ndjson')
  const child = spawn(process.execPath, [MAIN], { env: { ...process.env, ...settings, CARRIER_PORT: '0', CARRIER_CONTROL_PORT: '0', CARRIER_LOG: logFile }, stdio: ['ignore', 'pipe', 'inherit'] })
  const told = await new Promise<{ sip: string; control: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the carrier ended with ${code}`)))
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as { sip: string; control: string }))
  })
  return {
    sip: told.sip, logFile,
    async misbehave(switches) {
      const response = await fetch(`${told.control}/misbehaviour`, { method: 'PUT', body: JSON.stringify(switches) })
      if (!response.ok) throw new Error(`the carrier answered ${response.status}: ${await response.text()}`)
    },
    invitedAt() {
      const seen = new Map<string, number>()
      for (const line of readFileSync(logFile, 'utf8').split('\n').slice(0, -1)) {
        const entry = JSON.parse(line) as { event: string; callId: string; at: number }
        if (entry.event === 'invite' && !seen.has(entry.callId)) seen.set(entry.callId, entry.at)
      }
      return [...seen.values()]
    },
    stop() {
      child.kill('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
