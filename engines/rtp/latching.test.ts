import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { admitsControl, newLatch, resignal, stepLatch, type Latch, type LatchVerdict } from './latching.ts'

const HOST = '192.0.2.1'
const PORT = 4000
const ATTACKER = '198.51.100.66'

interface Sent { from?: string; port?: number; ssrc?: number; sequence: number; at: number; want: LatchVerdict }

/** Packets of the true source: 20 ms apart. */
function stream(count: number, over: Partial<Sent> = {}): Sent[] {
  return Array.from({ length: count }, (_, n) => ({ sequence: n + 1, at: n * 20, want: 'accepted', ...over }))
}
function run(sent: readonly Sent[], { isAuthenticated = false, latch = newLatch({ host: HOST, port: PORT }, isAuthenticated) } = {}): Latch {
  for (const { from = HOST, port = PORT, ssrc = 7, sequence, at, want } of sent) {
    expect([at, stepLatch(latch, from, port, { sequence, ssrc }, at)]).toEqual([at, want])
  }
  return latch
}

const attacks: { name: string; sent: Sent[]; sendPort: number; isAuthenticated?: boolean }[] = [
  { name: 'the signalled source is heard from its first packet', sent: stream(3), sendPort: PORT },
  {
    name: 'a sprayer at another host moves nothing, before or after', sendPort: PORT,
    sent: [{ from: ATTACKER, sequence: 1, at: 0, want: 'foreign-host' }, { from: ATTACKER, sequence: 2, at: 1, want: 'foreign-host' }, ...stream(2), { from: ATTACKER, sequence: 3, at: 50, want: 'foreign-host' }],
  },
  { name: 'a sprayer with the right port and SSRC, at another host', sendPort: PORT, sent: [...stream(2), { from: ATTACKER, sequence: 3, at: 40, want: 'foreign-host' }] },
  {
    name: 'a NAT’s port is learned by two packets in a row', sendPort: 5000,
    sent: [{ port: 5000, sequence: 65_535, at: 0, want: 'learning' }, { port: 5000, sequence: 0, at: 20, want: 'accepted' }, { sequence: 1, at: 40, want: 'foreign-port' }],
  },
  {
    name: 'stray datagrams of the host’s other ports are not learned, the signalled one still is', sendPort: PORT,
    sent: [...[5000, 5001, 5002, 5000].map((port, n): Sent => ({ port, sequence: n * 7, ssrc: n, at: n, want: 'learning' })), ...stream(2)],
  },
  { name: 'a repeated datagram is not a stream', sendPort: PORT, sent: [{ port: 5000, sequence: 1, at: 0, want: 'learning' }, { port: 5000, sequence: 1, at: 1, want: 'learning' }] },
  {
    name: 'once locked, no other port of the host, however long the pause', sendPort: PORT,
    sent: [...stream(2), ...stream(50, { port: 5000, at: 60_000, want: 'foreign-port' })],
  },
  {
    name: 'an SSRC injected beside the living stream, however fast', sendPort: PORT,
    sent: [...stream(3), ...Array.from({ length: 50 }, (_, n): Sent => ({ ssrc: 9, sequence: n, at: 41, want: 'foreign-ssrc' })), { sequence: 4, at: 60, want: 'accepted' }],
  },
  {
    name: 'a switched source is heard when the old one has paused', sendPort: PORT,
    sent: [...stream(2), { ssrc: 9, sequence: 5, at: 40, want: 'foreign-ssrc' }, { ssrc: 9, sequence: 6, at: 60, want: 'foreign-ssrc' }, { ssrc: 9, sequence: 7, at: 80, want: 'accepted' }, { ssrc: 7, sequence: 3, at: 81, want: 'foreign-ssrc' }],
  },
  {
    name: 'random SSRCs after a pause', sendPort: PORT,
    sent: [...stream(2), ...Array.from({ length: 20 }, (_, n): Sent => ({ ssrc: 100 + n, sequence: n, at: 5_000 + n, want: 'foreign-ssrc' })), { sequence: 3, at: 5_100, want: 'accepted' }],
  },
  {
    name: 'authenticated: the NAT’s port and a new SSRC are believed at once, another host and a second port never', sendPort: 5000, isAuthenticated: true,
    sent: [{ from: ATTACKER, sequence: 1, at: 0, want: 'foreign-host' }, { port: 5000, sequence: 1, at: 0, want: 'accepted' }, { port: 5000, ssrc: 9, sequence: 1, at: 1, want: 'accepted' }, { sequence: 2, at: 2, want: 'foreign-port' }],
  },
]
describe('attacks', () => {
  test.each(attacks)('$name', ({ sent, sendPort, isAuthenticated = false }) => {
    const latch = run(sent, { isAuthenticated })
    expect(latch.sendPort).toBe(sendPort)
    expect(latch.refused).toBe(sent.filter(({ want }) => want.startsWith('foreign')).length)
  })
})

describe('a telephone that signals from another host than it names', () => {
  const NAT = '203.0.113.9'
  const behindNat = (): Latch => newLatch({ host: HOST, port: PORT, sourceHost: NAT }, false)

  const cases: { name: string; sent: Sent[]; sendsTo: [string, number] }[] = [
    {
      name: 'is learned there by two packets in a row, then heard from there alone', sendsTo: [NAT, 5000],
      sent: [...stream(1, { from: NAT, port: 5000, want: 'learning' }), { from: NAT, port: 5000, sequence: 2, at: 20, want: 'accepted' }, { sequence: 3, at: 40, want: 'foreign-host' }, { from: NAT, port: 5001, sequence: 3, at: 40, want: 'foreign-port' }],
    },
    { name: 'its own port is learned no sooner: nobody has named it at that host', sendsTo: [NAT, PORT], sent: [{ from: NAT, sequence: 1, at: 0, want: 'learning' }, { from: NAT, sequence: 2, at: 20, want: 'accepted' }] },
    { name: 'is heard where it said first, and then the other host no more', sendsTo: [HOST, PORT], sent: [{ from: NAT, sequence: 1, at: 0, want: 'learning' }, ...stream(2), { from: NAT, sequence: 2, at: 40, want: 'foreign-host' }, { from: NAT, sequence: 3, at: 60, want: 'foreign-host' }] },
    { name: 'packets of two hosts are no row', sendsTo: [HOST, PORT], sent: [{ from: NAT, port: 5000, sequence: 1, at: 0, want: 'learning' }, { port: 5000, sequence: 2, at: 20, want: 'learning' }, { from: NAT, port: 5000, sequence: 3, at: 40, want: 'learning' }] },
    { name: 'a third host is heard never', sendsTo: [HOST, PORT], sent: [1, 2, 3].map((sequence): Sent => ({ from: ATTACKER, sequence, at: sequence * 20, want: 'foreign-host' })) },
  ]
  test.each(cases)('$name', ({ sent, sendsTo }) => {
    const latch = run(sent, { latch: behindNat() })
    expect([latch.sendHost, latch.sendPort]).toEqual(sendsTo)
  })

  test('control packets come from either until one is learned, then from that', () => {
    const latch = behindNat()
    expect([HOST, NAT, ATTACKER].map((host) => admitsControl(latch, host))).toEqual([true, true, false])
    run([{ from: NAT, sequence: 1, at: 0, want: 'learning' }, { from: NAT, sequence: 2, at: 20, want: 'accepted' }], { latch })
    expect([HOST, NAT, ATTACKER].map((host) => admitsControl(latch, host))).toEqual([false, true, false])
  })

  test('the same again keeps the lock; on hold at 0.0.0.0 nobody is heard', () => {
    const latch = run([{ from: NAT, sequence: 1, at: 0, want: 'learning' }, { from: NAT, sequence: 2, at: 20, want: 'accepted' }], { latch: behindNat() })
    resignal(latch, { host: HOST, port: PORT, sourceHost: NAT })
    expect(latch.isLocked).toBe(true)
    resignal(latch, { host: '0.0.0.0', port: PORT, sourceHost: NAT })
    run([{ from: NAT, sequence: 3, at: 40, want: 'foreign-host' }, { from: NAT, sequence: 4, at: 60, want: 'foreign-host' }], { latch })
  })
})

describe('signalling', () => {
  test('a session refresh with the same remote keeps the lock', () => {
    const latch = run([{ port: 5000, sequence: 1, at: 0, want: 'learning' }, { port: 5000, sequence: 2, at: 20, want: 'accepted' }])
    resignal(latch, { host: HOST, port: PORT })
    run([{ port: 6000, sequence: 1, at: 40, want: 'foreign-port' }, { port: 5000, sequence: 3, at: 40, want: 'accepted' }], { latch })
  })

  test('a new remote unlocks: sent there at once, heard from there alone', () => {
    const latch = run(stream(2))
    resignal(latch, { host: '203.0.113.5', port: 7000 })
    expect([latch.sendPort, latch.isLocked]).toEqual([7000, false])
    run([{ sequence: 3, at: 40, want: 'foreign-host' }, { from: '203.0.113.5', port: 7000, ssrc: 1, sequence: 900, at: 60, want: 'accepted' }], { latch })
  })

  test('what was half learned is forgotten', () => {
    const latch = run([{ port: 5000, sequence: 1, at: 0, want: 'learning' }])
    resignal(latch, { host: HOST, port: 7000 })
    run([{ port: 5000, sequence: 2, at: 20, want: 'learning' }], { latch })
  })

  test('on hold at 0.0.0.0 nobody is heard', () => {
    const latch = run(stream(1))
    resignal(latch, { host: '0.0.0.0', port: PORT })
    run([{ sequence: 2, at: 20, want: 'foreign-host' }], { latch })
  })
})

test('control packets come from the signalled host', () => {
  const latch = newLatch({ host: HOST, port: PORT }, false)
  expect([admitsControl(latch, HOST), admitsControl(latch, ATTACKER)]).toEqual([true, false])
})

test('whatever others send, nothing but the host is accepted and nothing is sent elsewhere', () => {
  const packet = fc.record({ host: fc.constantFrom(HOST, ATTACKER), port: fc.constantFrom(PORT, 5000, 5001), ssrc: fc.nat(2), sequence: fc.nat(3), gapMs: fc.nat(100) })
  fc.assert(fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
    const latch = newLatch({ host: HOST, port: PORT }, false)
    let now = 0
    let lockedAt: number | undefined
    for (const { host, port, gapMs, ...rest } of packets) {
      now += gapMs
      const verdict = stepLatch(latch, host, port, rest, now)
      if (verdict === 'accepted') {
        lockedAt ??= port
        expect([host, port]).toEqual([HOST, lockedAt])
      }
      expect(latch.sendPort).toBe(lockedAt ?? PORT)
    }
  }))
})
