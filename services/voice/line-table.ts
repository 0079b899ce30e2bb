/**
 * Decides which line a call of this thread may take, and whether its carrier is there. A carrier that says nothing at all
 * while we ask six times is down (reliability.md F22: out of routing within ten seconds); any datagram brings it back.
 */
import { isIPv4 } from 'node:net'
import { randomBytes } from 'node:crypto'
import type { LineId } from '@loopline/vocabulary/ids'
import type { LineConfig } from '@loopline/contracts/voice-link'
import { formatRequest } from '@loopline/sip/serialise'
import type { DigestHash } from '@loopline/sip/digest'
import { HostAddresses } from './host-addresses.ts'
import { LineAim } from './line-aim.ts'
import { LineRegistrar } from './line-registrar.ts'
import type { NameAnswer, NameFailure } from './name-resolver.ts'
import type { LineStatus } from './thread-messages.ts'
import { LineSocket, parseAddress, type Address, type LineSocketHandlers } from './line-socket.ts'
import { LineStream } from './line-stream.ts'

/** Looked at once a second: silence is noticed in the third second, and the sixth question goes unanswered before the ninth is over. */
const ASK_AFTER_SILENCE_MS = 2_000
const DOWN_AFTER_MS = 5_500
/** A carrier that never answers OPTIONS is tried again with real calls after this long. */
const HALF_OPEN_AFTER_MS = 10_000

export class Line {
  readonly config: LineConfig
  readonly socket: LineSocket | LineStream
  readonly password: string | null
  inUse = 0
  /** No longer wanted: its socket closes when its last call has ended. */
  retired = false
  state: LineStatus['state'] = 'probing'
  reason: string | null = null
  /** DNS cannot be asked for the carrier's name now; the last good addresses serve on. */
  nameFailure: NameFailure | null = null
  /** At which of its addresses a carrier known by name is spoken to. */
  readonly aim: LineAim
  /** Null where the carrier knows us by something else than a registration. */
  registrar: LineRegistrar | null = null
  #heardAt: number
  /** When we first sent something that nobody has answered since; null while all is answered. */
  #unansweredSince: number | null = null
  #downSince = 0

  constructor(config: LineConfig, socket: LineSocket | LineStream, password: string | null, now: number) {
    this.config = config
    this.socket = socket
    this.password = password
    this.#heardAt = now
    this.aim = new LineAim(socket.remote.host, now)
    // Nobody can ask a carrier that ignores OPTIONS: it counts as there until calls say otherwise.
    if (config.probe === false) this.state = 'up'
  }

  get remoteHostPort(): string {
    return `${this.socket.remote.host}:${this.socket.remote.port}`
  }

  status(): LineStatus {
    const lack = this.state === 'up' ? (this.registrar?.lack ?? null) : null
    const state = lack === null ? this.state : lack === 'registering' ? 'probing' : 'down'
    const broken = this.state === 'down' && this.socket.fault !== null ? `connection-failed: ${this.socket.fault}` : null
    return { lineId: this.config.lineId, state, reason: broken ?? lack ?? this.reason ?? this.nameFailure, localPort: this.socket.local.port }
  }

  /** Returns whether the state changed. */
  heard(now: number): boolean {
    this.#heardAt = now
    this.#unansweredSince = null
    this.aim.heard()
    const wasDown = this.state === 'down'
    const changed = this.#enter('up', null)
    if (wasDown) this.registrar?.again()
    return changed
  }

  /** Something left that deserves an answer. */
  asked(now: number): void {
    this.#unansweredSince ??= now
  }

  /** Asks at once, so that a new line is known within one round trip instead of after the first silence. */
  ask(now: number): void {
    if (this.config.probe === false) return
    this.socket.send(optionsTo(this, randomBytes(12).toString('hex')))
    this.asked(now)
  }

  /** Once a second: asks a silent carrier, and says when it is gone. Returns whether the state changed. */
  look(now: number): boolean {
    const probes = this.config.probe !== false
    if (now - this.#heardAt >= ASK_AFTER_SILENCE_MS) this.ask(now)
    if (this.#unansweredSince !== null && now - this.#unansweredSince >= DOWN_AFTER_MS && this.state !== 'down') {
      this.#downSince = now
      return this.#enter('down', 'no-answer-from-carrier')
    }
    if (!probes && this.state === 'down' && now - this.#downSince >= HALF_OPEN_AFTER_MS) {
      this.#unansweredSince = null
      return this.#enter('up', 'half-open')
    }
    return false
  }

  /** Where it should be spoken to now: moves while nothing is up that a move could cut, or nothing comes from where it is. */
  steer(addresses: readonly string[], now: number): void {
    const host = this.aim.choose(addresses, { isDown: this.state === 'down', isIdle: this.inUse === 0 }, now)
    if (host === this.socket.remote.host) return
    this.socket.aimAt(host)
    this.registrar?.again()
    this.#unansweredSince = null
    this.#heardAt = now - ASK_AFTER_SILENCE_MS // it is asked at the next look
  }

  #enter(state: LineStatus['state'], reason: string | null): boolean {
    if (this.state === state) return false
    this.state = state
    this.reason = reason
    return true
  }
}

/** OPTIONS outside a dialog (RFC 3261 §11.1): asked once a second, so that it needs no retransmission of its own. `random`: in hex, its transaction. */
export function optionsTo(line: Line, random: string): string {
  return formatRequest({
    method: 'OPTIONS', uri: `sip:${line.remoteHostPort}`, sentBy: line.socket.via, branch: `z9hG4bK${random}`,
    from: `<sip:loopline@${line.socket.sentBy}>;tag=${random.slice(0, 8)}`, to: `<sip:${line.remoteHostPort}>`,
    callId: probeCallId(random), cseq: 1, headers: 'Accept: application/sdp\r\n', body: '',
  })
}
const PROBE = 'probe-'

export const probeCallId = (random: string): string => `${PROBE}${random}`

export const isProbe = (callId: string): boolean => callId.startsWith(PROBE)

export interface LineTableDeps {
  /** Remembers the chosen port of a line whose port is 0, so that a successor can end its orphans from there. */
  wantedPort(lineId: LineId): number
  hash: DigestHash
  unsealPassword(config: LineConfig): string | null
  handlers(line: () => Line): LineSocketHandlers
  onState(line: Line): void
  onError(config: LineConfig, error: Error): void
  /** It has no address yet: its name is being asked for, or could not be told. */
  onNameless(config: LineConfig, why: NameFailure | 'resolving-name'): void
  resolve(name: string): Promise<NameAnswer>
  /** Does this when everything asked before is done: two must not open one line. */
  inTurn(work: () => Promise<void>): void
}

export class LineTable {
  readonly #lines = new Map<LineId, Line>()
  #wanted: readonly LineConfig[] = []
  readonly #deps: LineTableDeps
  readonly #hosts: HostAddresses

  constructor(deps: LineTableDeps) {
    this.#deps = deps
    this.#hosts = new HostAddresses({ resolve: (name) => deps.resolve(name), onChange: (name) => deps.inTurn(() => this.#onName(name)) })
  }

  get(lineId: LineId): Line | undefined {
    return this.#lines.get(lineId)
  }

  all(): Line[] {
    return [...this.#lines.values()]
  }

  /** Opens what is new, retires what is gone, replaces what changed its addresses. One that cannot bind is reported down; a name is not waited for. */
  async adopt(configs: LineConfig[], now: number): Promise<void> {
    this.#wanted = configs
    const wanted = new Set(configs.map((config) => config.lineId))
    for (const line of this.all()) if (!wanted.has(line.config.lineId)) this.#retire(line)
    this.#hosts.want(new Set(configs.flatMap((config) => nameOf(config) ?? [])))
    for (const config of configs) {
      if (this.#lines.get(config.lineId)?.config.version !== config.version) await this.#establish(config, now)
    }
    this.#hosts.look(now)
  }

  /** Addresses of a name are others, or it cannot be asked for. */
  async #onName(name: string): Promise<void> {
    const now = performance.now()
    for (const config of this.#wanted) {
      if (nameOf(config) !== name) continue
      const line = this.#lines.get(config.lineId)
      if (line?.config.version !== config.version) {
        await this.#establish(config, now)
        continue
      }
      const { failure } = this.#hosts.of(name)
      if (line.nameFailure === failure) continue
      line.nameFailure = failure
      this.#deps.onState(line)
    }
  }

  async #establish(config: LineConfig, now: number): Promise<void> {
    const known = this.#lines.get(config.lineId)
    const addresses = this.#addressesOf(config)
    try {
      if (addresses.length > 0) return await this.#open(config, { known, addresses }, now)
    } catch (error) {
      return this.#deps.onError(config, error instanceof Error ? error : new Error(String(error)))
    }
    if (known) this.#retire(known)
    this.#deps.onNameless(config, this.#hosts.of(nameOf(config) ?? '').failure ?? 'resolving-name')
  }

  #addressesOf(config: LineConfig): readonly string[] {
    const name = nameOf(config)
    return name === null ? [parseAddress(config.remote).host] : this.#hosts.of(name).addresses
  }

  async #open(config: LineConfig, { known, addresses }: { known: Line | undefined; addresses: readonly string[] }, now: number): Promise<void> {
    const local = parseAddress(config.local)
    const { port: remotePort } = parseAddress(config.remote)
    const port = local.port === 0 ? this.#deps.wantedPort(config.lineId) : local.port
    const current = known?.socket.remote.host
    const host = current !== undefined && addresses.includes(current) ? current : (addresses[0] as string)
    const keepsSocket = known !== undefined && !known.retired && current === host &&
      known.socket.remote.port === remotePort && !changesTransport(known.config, config) && (local.port === 0 || known.socket.local.port === local.port)
    if (known && !keepsSocket) this.#retire(known)
    let line: Line | null = null
    const socket = keepsSocket ? known.socket : await openTransport(config, { host: local.host, port }, { host, port: remotePort }, this.#deps.handlers(() => line as Line))
    line = new Line(config, socket, this.#deps.unsealPassword(config), now)
    if (keepsSocket) {
      line = Object.assign(known, { config, password: line.password })
    }
    this.#lines.set(config.lineId, line)
    this.#register(line)
    this.#deps.onState(line)
    if (line.state === 'probing') line.ask(now)
  }

  /** Anew with each version: the account, its password or the wish itself may be others. A binding of the same address takes the place of the one before. */
  #register(line: Line): void {
    const { config, password, socket } = line
    line.registrar?.stop()
    if (line.registrar && !config.registers) line.registrar.leave()
    line.registrar = null
    if (config.registers && config.enabled && config.authUser !== null && password !== null) {
      line.registrar = new LineRegistrar({ config, user: config.authUser, password, socket, hash: this.#deps.hash, onChange: () => { if (line.registrar) this.#deps.onState(line) } })
    }
  }

  #retire(line: Line): void {
    line.retired = true
    line.registrar?.leave()
    line.registrar = null
    this.#lines.delete(line.config.lineId)
    this.closeIfIdle(line)
  }

  closeIfIdle(line: Line): void {
    if (line.retired && line.inUse === 0) line.socket.close()
  }

  look(now: number): void {
    this.#hosts.look(now)
    for (const line of this.#lines.values()) {
      if (line.look(now)) this.#deps.onState(line)
      if (nameOf(line.config) !== null) line.steer(this.#addressesOf(line.config), now)
    }
  }

  close(): void {
    for (const line of this.#lines.values()) {
      line.registrar?.leave()
      line.socket.close()
    }
    this.#lines.clear()
  }
}

function openTransport(config: LineConfig, local: Address, remote: Address, handlers: LineSocketHandlers): Promise<LineSocket | LineStream> {
  if (config.transport === 'tcp') return LineStream.open(local, remote, null, handlers)
  if (config.transport === 'tls') return LineStream.open(local, remote, { name: parseAddress(config.remote).host, ca: config.tlsCa ?? null }, handlers)
  return LineSocket.open(local, remote, handlers)
}

/** Calls go on by the connection they have; the next ones take another. */
const changesTransport = (one: LineConfig, other: LineConfig): boolean => (one.transport ?? 'udp') !== (other.transport ?? 'udp') || (one.tlsCa ?? null) !== (other.tlsCa ?? null)

/** The name of a carrier; null where the line has its address. */
function nameOf({ remote }: LineConfig): string | null {
  const { host } = parseAddress(remote)
  return isIPv4(host) ? null : host
}
