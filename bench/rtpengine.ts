/**
 * rtpengine in userspace, spoken to by its ng protocol (a cookie, then bencode, over UDP): to compare with, and as a far end
 * that speaks SRTP by SDES, which sipp of the distributions cannot.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'

/** One end as its session description says it. */
export interface Description {
  host: string
  port: number
  /** SDES, AES_CM_128_HMAC_SHA1_80; null: plain. */
  crypto: { tag: number; key: string } | null
}

export interface Rtpengine {
  pid: number
  /** What the called side is shown for the caller's description. */
  offer(call: string, from: Description, change: { srtp: boolean; record: boolean }): Promise<Description>
  /** What the caller is shown for the called side's description. */
  answer(call: string, from: Description): Promise<Description>
  stop(): Promise<void>
}

const SUITE = 'AES_CM_128_HMAC_SHA1_80'
const CONTROL_PORT = 22_222
type Value = string | number | Value[] | { [name: string]: Value }

export interface RtpengineStart {
  host: string
  /** What starts it, e.g. pinned to a core. */
  spawned(program: string[]): Promise<ChildProcess>
  /** Folder for recordings, pcap. */
  recordings: string
}

/** @throws when it is missing or does not answer. */
export async function startRtpengine({ host, spawned, recordings }: RtpengineStart): Promise<Rtpengine> {
  const child = await spawned([
    'rtpengine', '--config-file=none', '--foreground', '--table=-1', `--interface=${host}`, `--listen-ng=${host}:${CONTROL_PORT}`, '--port-min=20000', '--port-max=39999',
    '--log-stderr', '--log-level=2', '--num-threads=1', `--recording-dir=${recordings}`, '--recording-method=pcap',
  ])
  const control = await Control.open(host)
  await control.ready(child)
  const tell = async (command: 'offer' | 'answer', call: string, from: Description, more: Record<string, string>): Promise<Description> => {
    const tags: Record<string, string> = command === 'offer' ? { 'from-tag': 'a' } : { 'from-tag': 'a', 'to-tag': 'b' }
    const reply = await control.ask({ command, 'call-id': call, ...tags, sdp: sdpOf(from), ICE: 'remove', DTLS: 'off', ...more })
    return descriptionIn(textOf(reply['sdp']))
  }
  return {
    pid: child.pid as number,
    offer: (call, from, { srtp, record }) => tell('offer', call, from, {
      'transport-protocol': srtp ? 'RTP/SAVP' : 'RTP/AVP', ...(record ? { 'record-call': 'yes' } : {}),
    }),
    answer: (call, from) => tell('answer', call, from, {}),
    async stop() {
      control.close()
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await gone
    },
  }
}

export const haveRtpengine = (): Promise<boolean> => new Promise((resolve) => {
  spawn('rtpengine', ['--version'], { stdio: 'ignore' }).once('error', () => resolve(false)).once('exit', () => resolve(true))
})

class Control {
  readonly #socket: Socket
  readonly #waiting = new Map<string, (reply: Record<string, Value>) => void>()
  readonly #host: string
  #asked = 0

  private constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#host = host
    socket.on('error', () => undefined) // nobody listens yet
    socket.on('message', (message) => {
      const text = message.toString('latin1')
      const space = text.indexOf(' ')
      this.#waiting.get(text.slice(0, space))?.(decode(text, space + 1).value as Record<string, Value>)
    })
  }

  static async open(host: string): Promise<Control> {
    const socket = createSocket('udp4')
    await new Promise<void>((resolve) => socket.bind(0, resolve))
    return new Control(socket, host)
  }

  async ready(child: ChildProcess): Promise<void> {
    for (let attempt = 0; attempt < 50; attempt += 1) {
      if (child.exitCode !== null) break
      const isThere = await this.ask({ command: 'ping' }, 200).then(() => true, () => false)
      if (isThere) return
    }
    throw new Error('rtpengine does not answer')
  }

  async ask(command: Record<string, string>, waitMs = 2_000): Promise<Record<string, Value>> {
    this.#asked += 1
    const cookie = `c${this.#asked}`
    const { promise, resolve, reject } = Promise.withResolvers<Record<string, Value>>()
    this.#waiting.set(cookie, resolve)
    const timer = setTimeout(() => reject(new Error(`rtpengine did not answer ${command['command']}`)), waitMs)
    this.#socket.send(Buffer.from(`${cookie} ${encode(command)}`, 'latin1'), CONTROL_PORT, this.#host)
    const reply = await promise.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(cookie)
    })
    if (reply['result'] === 'error') throw new Error(`rtpengine: ${textOf(reply['error-reason'])}`)
    return reply
  }

  close(): void {
    this.#socket.close()
  }
}

function sdpOf({ host, port, crypto }: Description): string {
  const media = crypto === null ? [`m=audio ${port} RTP/AVP 8`] : [`m=audio ${port} RTP/SAVP 8`, `a=crypto:${crypto.tag} ${SUITE} inline:${crypto.key}`]
  return ['v=0', `o=- 1 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', ...media, 'a=rtpmap:8 PCMA/8000', 'a=sendrecv', ''].join('\r\n')
}

function descriptionIn(sdp: string): Description {
  const crypto = new RegExp(`^a=crypto:(\\d+) ${SUITE} inline:([\\w+/=]+)`, 'm').exec(sdp)
  return {
    host: /^c=IN IP4 (\S+)/m.exec(sdp)?.[1] ?? '', port: Number(/^m=audio (\d+)/m.exec(sdp)?.[1]),
    crypto: crypto && { tag: Number(crypto[1]), key: crypto[2] as string },
  }
}

/** A bencoded dictionary, its names in order. */
function encode(command: Record<string, string>): string {
  const text = (value: string): string => `${value.length}:${value}`
  return `d${Object.keys(command).sort().map((name) => text(name) + text(command[name] as string)).join('')}e`
}

function decode(text: string, at: number): { value: Value; end: number } {
  const kind = text[at]
  if (kind === 'i') {
    const end = text.indexOf('e', at)
    return { value: Number(text.slice(at + 1, end)), end: end + 1 }
  }
  if (kind === 'l' || kind === 'd') {
    const items: Value[] = []
    let end = at + 1
    while (text[end] !== 'e') {
      const item = decode(text, end)
      items.push(item.value)
      end = item.end
    }
    return { value: kind === 'l' ? items : dictionary(items), end: end + 1 }
  }
  const colon = text.indexOf(':', at)
  const end = colon + 1 + Number(text.slice(at, colon))
  return { value: text.slice(colon + 1, end), end }
}

function dictionary(items: Value[]): Record<string, Value> {
  return Object.fromEntries(items.flatMap((item, index) => (index % 2 === 0 ? [[textOf(item), items[index + 1] as Value]] : [])))
}

function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : ''
}
