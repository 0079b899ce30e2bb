/**
 * baresip as the desk telephone of an agent: registers by digest over UDP, is called by the desk and answers by itself, calls
 * the desk itself, and hangs up. What it sends must arrive where our SDP said.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startBaresip } from './baresip.ts'

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const PATIENCE_MS = 20_000

/** Lines of JSON that a process prints, each taken once and in order. */
class Told {
  readonly #lines: Record<string, unknown>[] = []
  readonly #waiting = new Set<() => void>()

  constructor(child: ChildProcess) {
    assert(child.stdout)
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(JSON.parse(line) as Record<string, unknown>)
      for (const look of this.#waiting) look()
    })
  }

  next(what: string): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS)
      const look = (): void => {
        const line = this.#lines.shift()
        if (line === undefined) return
        this.#waiting.delete(look)
        clearTimeout(timer)
        resolve(line)
      }
      this.#waiting.add(look)
      look()
    })
  }
}

const voice = spawn(process.execPath, [inProject('services/voice/test/desk-process.ts'), 'agent1', 'secret1'], { stdio: ['pipe', 'pipe', 'inherit'] })
const told = new Told(voice)
const order = (text: Record<string, unknown>): void => void voice.stdin.write(`${JSON.stringify(text)}\n`)
const { sip } = await told.next('the address of voice')
const phone = await startBaresip({ server: String(sip), user: 'agent1', secret: 'secret1', toneHz: 440 })

async function legIsUp(): Promise<void> {
  const { media, audio } = await told.next('the leg')
  const { remote } = media as { remote: { host: string; sourceHost: string } }
  assert.deepEqual([remote.host, remote.sourceHost], ['127.0.0.2', '127.0.0.1']) // its SDP, and where its digest came from
  assert.deepEqual(audio, { codec: 'PCMU', telephoneEvent: (audio as { telephoneEvent: number }).telephoneEvent, ptimeMs: 20, direction: 'sendrecv' })
  assert.deepEqual(await told.next('its first RTP packet'), { state: 'up', reason: null })
}

try {
  assert.deepEqual(await told.next('the registration'), { state: 'registered', reason: null })
  console.log('ok registers by digest')

  order({ order: 'call-desk' })
  await legIsUp()
  order({ order: 'drop-leg', reason: 'signed off' })
  assert.deepEqual(await told.next('the end'), { state: 'down', reason: 'signed off' })
  assert.deepEqual(await told.next('its registration'), { state: 'registered', reason: 'signed off' })
  console.log('ok is called by the desk, answers by itself, its voice arrives; is hung up on')

  await phone.command('dial', `sip:desk@${String(sip)}`)
  await legIsUp()
  await phone.command('hangup')
  assert.deepEqual(await told.next('the end'), { state: 'down', reason: 'hung-up' })
  assert.deepEqual(await told.next('its registration'), { state: 'registered', reason: 'hung-up' })
  console.log('ok calls the desk itself, proves itself again, and hangs up')

  const gone = once(phone.child, 'exit')
  phone.child.kill('SIGTERM')
  await gone
  assert.deepEqual(await told.next('that it left'), { state: 'down', reason: 'unregistered' })
  console.log('ok takes its registration back when it is switched off')
} catch (error) {
  console.error(phone.output())
  throw error
} finally {
  await phone.drop()
  const stopped = once(voice, 'exit')
  voice.stdin.end()
  await stopped
}
