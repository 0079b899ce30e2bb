import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { DeskServer, FromVoice, ToVoice } from '@loopline/contracts/voice-link'
import type { Log } from '@loopline/postgres/log'

export interface VoiceLinkOptions {
  /** host:port of voice. */
  address: string
  /** A fresh service token: the first line of each connection. */
  token(): Promise<string>
  onMessage(message: FromVoice): void
  onUp(): void
  onDown(): void
  log: Log
}

const RECONNECT_MS = 200
const RECONNECT_MAX_MS = 2_000
/** Voice says hello at once or is not there. */
const HELLO_WITHIN_MS = 5_000
const LINE_BYTES_MAX = 16 * 2 ** 20

/** The one TCP connection to voice, kept up: one JSON message a line each way. */
export class VoiceLink {
  readonly #options: VoiceLinkOptions
  #socket: Socket | null = null
  #epoch: string | null = null
  #deskServers: readonly DeskServer[] = []
  #timer: NodeJS.Timeout | undefined
  #pauseMs = RECONNECT_MS
  #stopped = false

  constructor(options: VoiceLinkOptions) {
    this.#options = options
  }

  /** The voice process at the other end, by the random name of its start; null while there is none. */
  get epoch(): string | null {
    return this.#epoch
  }

  /** Where desk telephones register, as voice said last. */
  get deskServers(): readonly DeskServer[] {
    return this.#deskServers
  }

  start(): void {
    void this.#connect()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#socket?.destroy()
  }

  /** Answers whether it was handed to the connection; what is lost with it is asked for by `query` later. */
  send(message: ToVoice): boolean {
    if (!this.#socket?.writable || this.#epoch === null) return false
    this.#socket.write(`${JSON.stringify(message)}\n`)
    return true
  }

  async #connect(): Promise<void> {
    if (this.#stopped) return
    const { host, port } = addressOf(this.#options.address)
    const socket = connect({ host, port, noDelay: true })
    socket.setEncoding('utf8')
    this.#socket = socket
    let rest = ''
    const impatience = setTimeout(() => socket.destroy(new Error('voice said no hello')), HELLO_WITHIN_MS)
    socket.on('error', () => undefined) // 'close' follows and does the work
    socket.on('connect', () => void this.#introduce(socket))
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() as string
      if (rest.length > LINE_BYTES_MAX) return void socket.destroy()
      for (const line of lines) if (line !== '') this.#receive(JSON.parse(line) as FromVoice, () => clearTimeout(impatience))
    })
    socket.on('close', () => {
      clearTimeout(impatience)
      this.#lose()
    })
  }

  async #introduce(socket: Socket): Promise<void> {
    try {
      socket.write(`${await this.#options.token()}\n`)
    } catch (error) {
      socket.destroy(error as Error)
    }
  }

  #receive(message: FromVoice, greeted: () => void): void {
    if (message.type === 'hello') {
      greeted()
      this.#epoch = message.epoch
      this.#deskServers = message.deskServers
      this.#pauseMs = RECONNECT_MS
      this.#options.log.info({ epoch: message.epoch, voiceId: message.voiceId }, 'voice is there')
      this.#options.onUp()
    }
    this.#options.onMessage(message)
  }

  #lose(): void {
    const wasUp = this.#epoch !== null
    this.#epoch = null
    this.#socket = null
    if (wasUp) {
      if (!this.#stopped) this.#options.log.warn({}, 'the link to voice is down; nothing is dialled until it is back')
      this.#options.onDown()
    }
    if (this.#stopped) return
    this.#timer = setTimeout(() => void this.#connect(), this.#pauseMs * (0.75 + Math.random() / 2))
    this.#pauseMs = Math.min(this.#pauseMs * 2, RECONNECT_MAX_MS)
  }
}

function addressOf(address: string): { host: string; port: number } {
  const at = address.lastIndexOf(':')
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) }
}
