import { describe, expect, test } from 'vitest'
import * as inviteClient from './invite-client.ts'
import * as inviteServer from './invite-server.ts'
import * as requestClient from './request-client.ts'
import * as requestServer from './request-server.ts'
import { NEVER } from './timers.ts'

/** One step of a story: at a time, an input, and what must come of it. */
type Row<Input> = readonly [at: number, input: Input, effects: string, state: string]

interface Machine<Tx, Input> {
  readonly start: (now: number) => Tx
  readonly step: (tx: Tx, input: Input, now: number) => readonly string[]
  readonly wakeAt: (tx: Tx) => number
}

function tell<Tx extends { state: string }, Input>(machine: Machine<Tx, Input>, rows: readonly Row<Input>[]): Tx {
  const tx = machine.start(0)
  for (const [at, input, effects, state] of rows) {
    expect({ at, effects: machine.step(tx, input, at).join(' '), state: tx.state }).toEqual({ at, effects, state })
  }
  return tx
}

/** Wakes a machine exactly when it asks and notes when it does something. */
function schedule<Tx, Input>(machine: Machine<Tx, Input>, tx: Tx, wake: Input): string[] {
  const noted: string[] = []
  for (let at = machine.wakeAt(tx); at < NEVER; at = machine.wakeAt(tx)) {
    const effects = machine.step(tx, wake, at).join(' ')
    if (effects !== '') noted.push(`${at} ${effects}`)
  }
  return noted
}

const wake = { kind: 'wake' } as const
const broken = { kind: 'transport-error' } as const
const response = (status: number) => ({ kind: 'response', status }) as const
const respond = (status: number) => ({ kind: 'respond', status }) as const

describe('INVITE client, RFC 3261 §17.1.1 and RFC 6026 §7.2', () => {
  test('unanswered it is sent seven times in 32 s, then given up (timers A and B)', () => {
    expect(schedule(inviteClient, inviteClient.start(0), wake)).toEqual([
      '500 resend', '1500 resend', '3500 resend', '7500 resend', '15500 resend', '31500 resend', '32000 report-timeout',
    ])
  })
  const stories: readonly { name: string; rows: readonly Row<inviteClient.Input>[]; wakeAt: number }[] = [
    { name: 'a provisional response stops repetition for as long as it rings', wakeAt: NEVER, rows: [
      [100, response(100), 'deliver', 'proceeding'], [200, response(180), 'deliver', 'proceeding'],
    ] },
    { name: 'a busy is ACKed each time and delivered once, until timer D', wakeAt: NEVER, rows: [
      [100, response(486), 'send-ack deliver', 'completed'], [600, response(486), 'send-ack', 'completed'],
      [700, response(180), '', 'completed'], [800, response(200), '', 'completed'],
      [32_100, wake, '', 'terminated'], [32_200, response(486), '', 'terminated'],
    ] },
    { name: 'every 200 is delivered until timer M', wakeAt: NEVER, rows: [
      [100, response(200), 'deliver', 'accepted'], [600, response(200), 'deliver', 'accepted'], [700, response(486), '', 'accepted'],
      [32_099, wake, '', 'accepted'], [32_100, wake, '', 'terminated'], [32_200, response(200), '', 'terminated'],
    ] },
    { name: 'what cannot be sent is reported', wakeAt: NEVER, rows: [[1, broken, 'report-transport-error', 'terminated']] },
    { name: 'a socket error while it rings is not its own', wakeAt: NEVER, rows: [
      [1, response(180), 'deliver', 'proceeding'], [2, broken, '', 'proceeding'],
    ] },
    { name: 'a wake that comes early does nothing', wakeAt: 500, rows: [[499, wake, '', 'calling']] },
  ]
  for (const { name, rows, wakeAt } of stories) {
    test(name, () => expect(inviteClient.wakeAt(tell(inviteClient, rows))).toBe(wakeAt))
  }
})

describe('non-INVITE client, RFC 3261 §17.1.2', () => {
  test('unanswered it is sent eleven times in 32 s, 4 s apart at most (timers E and F)', () => {
    expect(schedule(requestClient, requestClient.start(0), wake)).toEqual([
      '500 resend', '1500 resend', '3500 resend', '7500 resend', '11500 resend', '15500 resend', '19500 resend',
      '23500 resend', '27500 resend', '31500 resend', '32000 report-timeout',
    ])
  })
  test('a provisional response slows repetition to 4 s and does not stop it', () => {
    const tx = tell(requestClient, [[100, response(100), 'deliver', 'proceeding'], [500, wake, 'resend', 'proceeding']])
    expect(schedule(requestClient, tx, wake).slice(0, 2)).toEqual(['4500 resend', '8500 resend'])
  })
  test('a final response is delivered once and absorbed until timer K', () => {
    const tx = tell(requestClient, [
      [100, response(200), 'deliver', 'completed'], [200, response(200), '', 'completed'], [300, broken, '', 'terminated'],
    ])
    expect(requestClient.wakeAt(tx)).toBe(NEVER)
    expect(requestClient.wakeAt(tell(requestClient, [[100, response(481), 'deliver', 'completed']]))).toBe(5_100)
  })
})

describe('INVITE server, RFC 3261 §17.2.1 and RFC 6026 §7.1', () => {
  test('a refusal is repeated until its ACK, 4 s apart at most, and given up after 32 s (timers G and H)', () => {
    const tx = tell(inviteServer, [[0, respond(486), 'send', 'completed']])
    expect(schedule(inviteServer, tx, wake)).toEqual([
      '500 resend', '1500 resend', '3500 resend', '7500 resend', '11500 resend', '15500 resend', '19500 resend',
      '23500 resend', '27500 resend', '31500 resend', '32000 report-no-ack',
    ])
  })
  const stories: readonly { name: string; rows: readonly Row<inviteServer.Input>[]; wakeAt: number }[] = [
    { name: 'a repeated INVITE gets the latest response', wakeAt: NEVER, rows: [
      [0, respond(100), 'send', 'proceeding'], [1, respond(180), 'send', 'proceeding'], [500, { kind: 'invite' }, 'resend', 'proceeding'],
    ] },
    { name: 'the ACK of a refusal ends repetition; later ACKs and INVITEs are absorbed until timer I', wakeAt: 5_200, rows: [
      [0, respond(404), 'send', 'completed'], [100, { kind: 'invite' }, 'resend', 'completed'], [200, { kind: 'ack' }, '', 'confirmed'],
      [300, { kind: 'ack' }, '', 'confirmed'], [400, { kind: 'invite' }, '', 'confirmed'],
    ] },
    { name: 'after a 200 repeated INVITEs are absorbed, the core repeats the 200, until timer L', wakeAt: 32_000, rows: [
      [0, respond(200), 'send', 'accepted'], [500, { kind: 'invite' }, '', 'accepted'], [600, respond(200), 'send', 'accepted'],
      [700, respond(486), '', 'accepted'],
    ] },
    { name: 'no second final response', wakeAt: 500, rows: [[0, respond(486), 'send', 'completed'], [1, respond(200), '', 'completed']] },
    { name: 'what cannot be sent is reported', wakeAt: NEVER, rows: [[1, broken, 'report-transport-error', 'terminated']] },
  ]
  for (const { name, rows, wakeAt } of stories) {
    test(name, () => expect(inviteServer.wakeAt(tell(inviteServer, rows))).toBe(wakeAt))
  }
})

describe('non-INVITE server, RFC 3261 §17.2.2', () => {
  const stories: readonly { name: string; rows: readonly Row<requestServer.Input>[]; wakeAt: number }[] = [
    { name: 'a repetition before any response is absorbed', wakeAt: NEVER, rows: [[1, { kind: 'request' }, '', 'trying']] },
    { name: 'a repetition gets the latest response', wakeAt: 32_100, rows: [
      [0, respond(100), 'send', 'proceeding'], [1, { kind: 'request' }, 'resend', 'proceeding'],
      [100, respond(200), 'send', 'completed'], [200, { kind: 'request' }, 'resend', 'completed'], [300, respond(500), '', 'completed'],
    ] },
    { name: 'it is forgotten after timer J', wakeAt: NEVER, rows: [
      [0, respond(200), 'send', 'completed'], [32_000, wake, '', 'terminated'], [32_001, { kind: 'request' }, '', 'terminated'],
    ] },
    { name: 'what cannot be sent is reported', wakeAt: NEVER, rows: [[1, broken, 'report-transport-error', 'terminated']] },
  ]
  for (const { name, rows, wakeAt } of stories) {
    test(name, () => expect(requestServer.wakeAt(tell(requestServer, rows))).toBe(wakeAt))
  }
})
