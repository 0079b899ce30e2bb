/**
 * sipp as the person who is called, through a whole product: he echoes what he hears, holds by a re-INVITE, goes on at
 * another address, and hangs up. The agent, baresip, hears his own tone come back, not while held, and again: by then only
 * the new address, another sipp, sends anything.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Seller } from '../baresip/seller.ts'
import { addCustomer, attemptsOf, CONSENT, makeCampaign, steer } from '../loop/office.ts'
import { eventually, startProduct } from '../product.ts'

const AGENT_HZ = 1_000
const NUMBER = '+8613900005010'
/** How long each phase lasts: a second of it must be heard or missed, also while others need the machine. */
const PHASE_MS = 8_000
/** Of a tone that is heard several windows would be in it. */
const QUIET_MS = 1_500

const folder = mkdtempSync(join(tmpdir(), 'loopline-sipp-'))
const [sip, media, moved, unused] = [await freeUdpPort(), await freeUdpPort(), await freeUdpPort(), await freeUdpPort()]
const MOVED_IP = '127.0.0.3'
const echo = startSipp('uas.xml', ['-i', MOVED_IP, '-p', `${unused}`, '-mi', MOVED_IP, '-mp', `${moved}`])
const sipp = startSipp('uas-moves.xml', ['-i', '127.0.0.1', '-p', `${sip}`, '-mi', '127.0.0.1', '-mp', `${media}`, '-m', '1', '-d', `${PHASE_MS}`, '-key', 'moved_ip', MOVED_IP, '-key', 'moved_port', `${moved}`])

const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', CALLEE_CLOCK: '10:12', AGENT_SIP_LISTEN: '127.0.0.1:0', AGENT_DIGEST: 'md5' } })
let seller: Seller | null = null

try {
  const [admin, lead] = [await product.signIn('admin'), await product.signIn('supervisor')]
  const agent = await Seller.arrive(product, AGENT_HZ)
  seller = agent
  const { lineId } = await admin.post<{ lineId: string }>('/api/dialer/lines', { name: 'sipp', type: 'voip', remote: `127.0.0.1:${sip}`, callerIds: ['+862038880009'], sandbox: true, probe: false })
  await addCustomer(lead, NUMBER, 'moves', { recordingConsent: CONSENT })
  const campaign = await makeCampaign(lead, 'moves', { mode: 'progressive', wrapUpMs: 600_000, hangUpAfterMs: null, lineIds: [lineId] })
  await steer(lead, campaign, 'start')
  await agent.signOn()
  await agent.passTest()
  const atStart = agent.heardFor(AGENT_HZ) // what the test played back to him
  await agent.ready()
  const attemptId = await agent.talking()

  const comeTo = (phase: string): Promise<unknown> => eventually(`he has come to: ${phase}`, async () => phases(), (all) => all.includes(phase), 60_000)
  const own = async (): Promise<number> => agent.heardFor(AGENT_HZ)
  await comeTo('held')
  let quietAt = await own()
  assert(quietAt - atStart >= 1, `the agent's tone came back for ${quietAt - atStart} s`)
  // What was on its way, or waits to be written, is heard still: then nothing more until he moves.
  await eventually('he hears himself no more', async () => {
    const before = await own()
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS))
    quietAt = await own()
    return quietAt - before
  }, (seconds) => seconds === 0)
  assert(!phases().includes('moved'), 'held, his tone came back all the time')
  await comeTo('moved')
  console.log(`ok held by a re-INVITE, the agent's ${AGENT_HZ} Hz come back no more`)
  await agent.finish(attemptId)
  const atEnd = await own()
  assert(atEnd - quietAt >= 1, `moved, it came back for ${atEnd - quietAt} s`)
  assert.deepEqual(await sipp.ended, [0, null], `sipp saw something else:\n${sipp.screen()}`)
  console.log('ok at another address by a re-INVITE they come back again')
  const [attempt] = await eventually('the call has its outcome', () => attemptsOf(lead, campaign), ([first]) => first !== undefined && first.outcome !== null)
  assert.equal(attempt?.outcome, 'connected')
  console.log('ok he hangs up: the agent is free for his notes, the outcome is connected')
} catch (error) {
  console.error(sipp.screen())
  console.error(product.output())
  throw error
} finally {
  await seller?.phone.drop()
  await product.drop()
  for (const each of [sipp, echo]) {
    each.child.kill('SIGKILL')
    await each.ended
  }
  rmSync(folder, { recursive: true, force: true })
}

/** Answers, and echoes whatever comes to its media port. */
function startSipp(scenario: string, more: readonly string[]) {
  const child = spawn('sipp', ['-sf', fileURLToPath(new URL(scenario, import.meta.url)), ...more, '-rtp_echo', '-nostdin', '-timeout', '180'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  let screen = ''
  child.stdout.on('data', (chunk: Buffer) => { screen += chunk.toString() })
  return { child, ended: once(child, 'exit'), screen: () => screen.slice(-4_000) }
}

function phases(): string[] {
  const file = join(folder, 'phases')
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
}

/** sipp takes an even one, and the one two above for its second stream. */
async function freeUdpPort(): Promise<number> {
  for (;;) {
    const port = 2 * (10_000 + Math.floor(Math.random() * 5_000))
    const probes = [port, port + 1, port + 2, port + 3].map((each) => ({ each, socket: createSocket('udp4') }))
    const free = await Promise.all(probes.map(({ each, socket }) => new Promise<boolean>((resolve) => {
      socket.once('error', () => resolve(false))
      socket.bind(each, '127.0.0.1', () => resolve(true))
    })))
    for (const { socket } of probes) socket.close()
    if (free.every(Boolean)) return port
  }
}
