/**
 * The far ends of many calls, played by sipp: each leg invites us, is told where to send, and then speaks G.711 in packets
 * of 20 ms until it is killed. The answers are spread, because calls in the field do not speak in step; in step, every relay
 * would be asked for all packets of 20 ms at once.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface SpeakingLeg {
  /** Where it hears. */
  port: number
  /** Tells it where to send, and lets it begin. */
  answer(host: string, port: number): void
}

export interface Generator {
  pid: number
  legs: SpeakingLeg[]
  stop(): Promise<void>
}

const SCENARIO = fileURLToPath(new URL('../interop/sipp/rtp-leg.xml', import.meta.url))
const BYTES_PER_SECOND = 8_000
/** Fewer threads each with more streams: sipp's default of 20 wakes 30 threads for 300 calls. */
const STREAMS_PER_THREAD = 100

/** @param command what starts sipp, e.g. pinned to a core. @throws when sipp is missing or not all legs called. */
export async function startGenerator({ host, legs: wanted, command }: { host: string; legs: number; command: string[] }): Promise<Generator> {
  const folder = mkdtempSync(join(tmpdir(), 'rtp-'))
  writeFileSync(join(folder, 'speech.alaw'), speech(10))
  const socket = await bound(host)
  const legs = new Map<string, SpeakingLeg>()
  const complete = Promise.withResolvers<void>()
  socket.on('message', (message, from) => {
    const request = message.toString('latin1')
    const callId = header(request, 'Call-ID')
    if (!request.startsWith('INVITE ') || legs.has(callId)) return
    legs.set(callId, legOf(socket, request, from))
    if (legs.size === wanted) complete.resolve()
  })
  const sipp = spawn(command[0] ?? 'sipp', [
    ...command.slice(1), ...(command.length > 0 ? ['sipp'] : []), `${host}:${socket.address().port}`, '-sf', SCENARIO, '-i', host, '-mi', host, '-p', '5070', '-m', String(wanted), '-l', String(wanted), '-r', '500',
    '-nostdin', '-rtp_threadtasks', String(STREAMS_PER_THREAD), '-buff_size', '4194304',
  ], { cwd: folder, stdio: 'ignore' })
  await Promise.race([complete.promise, failed(sipp, () => `${legs.size} of ${wanted} legs called`)])
  return {
    pid: sipp.pid as number, legs: [...legs.values()],
    async stop() {
      const gone = new Promise((resolve) => sipp.once('exit', resolve))
      sipp.kill('SIGKILL')
      await gone
      socket.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const GIVE_UP_MS = 20_000

function failed(sipp: ChildProcess, how: () => string): Promise<never> {
  return new Promise((_resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`sipp ${why}, ${how()}; install it with: apt-get install -y --no-install-recommends sip-tester`))
    sipp.once('error', (error) => fail(error.message))
    sipp.once('exit', (code) => fail(`ended with ${String(code)}`))
    setTimeout(() => fail('is slow'), GIVE_UP_MS).unref()
  })
}

async function bound(host: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 21 })
  await new Promise<void>((resolve) => socket.bind(0, host, resolve))
  return socket
}

function legOf(socket: Socket, invite: string, from: RemoteInfo): SpeakingLeg {
  return {
    port: Number(/^m=audio (\d+)/m.exec(invite)?.[1]),
    answer(host, port) {
      const body = ['v=0', `o=- 1 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', `m=audio ${port} RTP/AVP 8`, 'a=rtpmap:8 PCMA/8000', ''].join('\r\n')
      const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map((name) => `${name}: ${header(invite, name)}`)
      const head = ['SIP/2.0 200 OK', ...copied, `To: ${header(invite, 'To')};tag=leg`, 'Contact: <sip:bench@0.0.0.0>', 'Content-Type: application/sdp', `Content-Length: ${body.length}`]
      socket.send([...head, '', body].join('\r\n'), from.port, from.address)
    },
  }
}

function header(message: string, name: string): string {
  return new RegExp(`^${name}: (.*?)\\r?$`, 'm').exec(message)?.[1] ?? ''
}

/** Noise: what it says does not matter to a relay, that no two packets are alike does. */
function speech(seconds: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length: seconds * BYTES_PER_SECOND }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state >>> 24
  })
}

/** Answers each leg with a distance that never falls into step with 20 ms. */
export async function answerSpread(answers: readonly (() => void)[]): Promise<void> {
  const APART_MS = 3.236
  const started = performance.now()
  for (const [index, answer] of answers.entries()) {
    const waitMs = started + index * APART_MS - performance.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    answer()
  }
}
