/** The dialer's side of the voice link, for tests: gives orders and collects what voice tells. */
import { connect } from 'node:net'
import { randomUUID } from 'node:crypto'
import { serviceToken } from '@loopline/http/identity-token'
import type { Keyring } from '@loopline/keys/keyring'
import { Phone, type E164 } from '@loopline/vocabulary/phone'
import type { AttemptId, CampaignId, CustomerId, LineId } from '@loopline/vocabulary/ids'
import type { DialCommand, FromVoice, LineConfig, ToVoice, VoiceCallEvent } from '@loopline/contracts/voice-link'

export interface TestDialer {
  epoch: string
  messages: FromVoice[]
  send(message: ToVoice): void
  /** The first event that fits, now or later. */
  event<Kind extends VoiceCallEvent['kind']>(kind: Kind, attemptId: AttemptId): Promise<Extract<VoiceCallEvent, { kind: Kind }>>
  message<Type extends FromVoice['type']>(type: Type): Promise<Extract<FromVoice, { type: Type }>>
  /** The first thing that is found in what was told; looked for again at every message. */
  first<Found>(find: (messages: FromVoice[]) => Found | undefined): Promise<Found>
  close(): void
}

export async function connectDialer(link: string, keys: Keyring): Promise<TestDialer> {
  const [host, port] = link.split(':')
  const socket = connect(Number(port), host)
  socket.setEncoding('utf8')
  socket.on('error', () => undefined)
  const messages: FromVoice[] = []
  const waiting = new Set<() => void>()
  let rest = ''
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    messages.push(...lines.map((line) => JSON.parse(line) as FromVoice))
    for (const look of waiting) look()
  })
  const first = <Found>(find: () => Found | undefined): Promise<Found> => new Promise((resolve) => {
    const look = (): void => {
      const found = find()
      if (found === undefined) return
      waiting.delete(look)
      resolve(found)
    }
    waiting.add(look)
    look()
  })
  socket.write(`${await serviceToken(keys.signingKey('identity'), 'dialer')}\n`)
  const message: TestDialer['message'] = (type) =>
    first(() => messages.find((each): each is Extract<FromVoice, { type: typeof type }> => each.type === type))
  const { epoch } = await message('hello')
  return {
    epoch, messages, message,
    first: (find) => first(() => find(messages)),
    send: (order) => void socket.write(`${JSON.stringify(order)}\n`),
    event: (kind, attemptId) => first(() => messages.flatMap((each) => (each.type === 'calls' ? each.events : []))
      .find((event): event is Extract<VoiceCallEvent, { kind: typeof kind }> => event.kind === kind && event.attemptId === attemptId)),
    close: () => socket.destroy(),
  }
}

/** An order to call a test number of the sandbox carrier: the last two digits of +86 139 0000 00… */
export function orderToNumber(last: string, line: LineConfig, epoch: string, keys: Keyring, change: Partial<DialCommand> = {}): DialCommand {
  const order = orderTo(line, epoch, keys, change)
  return { ...order, phoneSealed: keys.sealPhone(new Phone(`+86139000000${last}` as E164), order.customerId).toString('base64') }
}

export function lineTo(remote: string, change: Partial<LineConfig> = {}): LineConfig {
  return {
    lineId: randomUUID() as LineId, version: 1, name: 'test', type: 'voip', enabled: true, remote, local: '127.0.0.1:0', authUser: null,
    authPasswordSealed: null, authRealm: null, numberFormat: 'e164', maxConcurrent: 100, maxPerSecond: 100, sandbox: true, ...change,
  }
}

export function orderTo(line: LineConfig, epoch: string, keys: Keyring, change: Partial<DialCommand> = {}): DialCommand {
  const customerId = randomUUID() as CustomerId
  return {
    attemptId: randomUUID() as AttemptId, customerId, campaignId: randomUUID() as CampaignId, lineId: line.lineId, epoch, leaseToken: 1,
    dialBy: Date.now() + 2_000, phoneSealed: keys.sealPhone(new Phone('+8613900001234' as E164), customerId).toString('base64'),
    callerId: '02012345678', ringTimeMs: 30_000, hangUpAfterMs: null, sandbox: true, ...change,
  }
}
