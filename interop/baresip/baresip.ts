/** baresip, a telephone that nobody here wrote: registers, says a tone, and writes down what it hears. Without sound hardware. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface BaresipWishes {
  /** host:port where it registers. */
  server: string
  user: string
  secret: string
  /** What it says, Hz. */
  toneHz: number
}

/** A telephone that is called where it listens, as a carrier's gateway is: it answers by itself whatever is called at this number. */
export interface CalledWishes {
  number: string
  toneHz: number
  /** How it encrypts: `srtp` offers and takes keys beside plain RTP, `srtp-mand` speaks RTP/SAVP alone. Absent: not at all. */
  encryption?: 'srtp' | 'srtp-mand'
  codec?: 'pcma' | 'pcmu'
}

export interface Sound {
  samples: Int16Array
  rate: number
}

export interface Baresip {
  child: ChildProcess
  /** Where its SIP listens, host:port. */
  sip: string
  /** One of its commands, such as `dial` or `hangup`. */
  command(name: string, params?: string): Promise<void>
  /** What it has heard until now, one sound a call, the oldest first. */
  heard(): Sound[]
  /** What it printed. */
  output(): string
  /** Ends it, by force if need be, and removes its folder. */
  drop(): Promise<void>
}

export function startBaresip({ server, user, secret, toneHz }: BaresipWishes): Promise<Baresip> {
  return start(`<sip:${user}@${server};transport=udp>;auth_user=${user};auth_pass=${secret};answermode=auto;regint=60;audio_codecs=pcmu`, toneHz)
}

export function startCalledBaresip({ number, toneHz, encryption, codec = 'pcma' }: CalledWishes): Promise<Baresip> {
  return start(`<sip:${number}@127.0.0.1>;regint=0;answermode=auto;audio_codecs=${codec}${encryption === undefined ? '' : `;mediaenc=${encryption}`}`, toneHz)
}

const TRIES = 5

/** A port that was free may be somebody else's when it is opened, most of all with another suite beside this one. */
async function start(account: string, toneHz: number): Promise<Baresip> {
  for (let tried = 1; ; tried++) {
    const phone = await spawnBaresip(account, toneHz)
    if (await isReady(phone)) return phone
    const said = phone.output()
    await phone.drop()
    if (tried >= TRIES || !said.includes('Address already in use')) throw new Error(`baresip ended: ${said}`)
  }
}

/** False when it ends before it is ready. */
function isReady(phone: Baresip): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (): void => { if (phone.output().includes('baresip is ready')) resolve(true) }
    for (const stream of [phone.child.stdout, phone.child.stderr]) stream?.on('data', look)
    phone.child.once('exit', () => resolve(false))
    look()
  })
}

async function spawnBaresip(account: string, toneHz: number): Promise<Baresip> {
  const folder = mkdtempSync(join(tmpdir(), 'loopline-baresip-'))
  const control = await freePort()
  const sipPort = await freePort()
  const settings: Record<string, string> = { SIP_PORT: String(sipPort), CONTROL_PORT: String(control), MODULES: modulesFolder(), TONE: String(toneHz), FOLDER: folder }
  const template = readFileSync(fileURLToPath(new URL('config', import.meta.url)), 'utf8')
  writeFileSync(join(folder, 'config'), template.replace(/@([A-Z_]+)@/g, (_match, name: string) => settings[name] ?? ''))
  writeFileSync(join(folder, 'accounts'), `${account}\n`)
  writeFileSync(join(folder, 'contacts'), '')
  const child = spawn('baresip', ['-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += chunk.toString() })
  return {
    child,
    sip: `127.0.0.1:${sipPort}`,
    command: (name, params = '') => command(control, name, params),
    heard: () => readdirSync(folder).filter((name) => name.endsWith('-dec.wav')).toSorted().map((name) => readSound(join(folder, name))),
    output: () => said,
    async drop() {
      const isGone = child.exitCode !== null || child.signalCode !== null
      const gone = isGone ? null : once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const WAV_HEADER_BYTES = 44

/** Of a file that is still being written the header's lengths are not true yet: what is there counts. */
function readSound(file: string): Sound {
  const bytes = readFileSync(file)
  if (bytes.length <= WAV_HEADER_BYTES) return { samples: new Int16Array(), rate: 8_000 }
  const samples = new Int16Array(Math.floor((bytes.length - WAV_HEADER_BYTES) / 2))
  for (let n = 0; n < samples.length; n += 1) samples[n] = bytes.readInt16LE(WAV_HEADER_BYTES + 2 * n)
  return { samples, rate: bytes.readUInt32LE(24) }
}

/** A command by ctrl_tcp: JSON in a netstring. */
async function command(port: number, name: string, params: string): Promise<void> {
  const text = JSON.stringify({ command: name, params })
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(`${Buffer.byteLength(text)}:${text},`)
  await once(socket, 'data')
  socket.destroy()
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  return port
}

/** Where the distribution keeps baresip's modules. */
function modulesFolder(): string {
  const folders = ['/usr/lib/baresip/modules', ...readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/baresip/modules`), '/usr/local/lib/baresip/modules']
  const found = folders.find((folder) => existsSync(join(folder, 'g711.so')))
  assert(found, 'baresip has its modules somewhere else')
  return found
}
