import { describe, expect, test } from 'vitest'
import { faultsOf } from './self-test.ts'
import type { LegFindings, PageFindings, SelfTestFault } from './self-test.ts'

const LEG: LegFindings = { listenedMs: 1_000, playedMs: 1_000, isInterrupted: false, framesReceived: 100, framesDue: 100, loss: 0, jitterMs: 3, roundTripMs: 40, heardMs: 600, levelDbfs: -18 }
const PAGE: PageFindings = {
  microphone: { isMuted: false, levelDbfs: -20 }, path: { kind: 'host', protocol: 'udp', roundTripMs: 12 }, echo: { packetsReceived: 50, loss: 0, jitterMs: 4, levelDbfs: -22 },
}

describe('a trial of the telephone', () => {
  const cases: { name: string; leg?: Partial<LegFindings>; page?: Partial<PageFindings> | null; want: SelfTestFault[] }[] = [
    { name: 'a page that hears and is heard', want: [] },
    { name: 'a desk telephone that is heard', page: null, want: [] },
    { name: 'a page by a relay, a third of the way to too slow', page: { path: { kind: 'relay', protocol: 'tcp', roundTripMs: 170 } }, want: [] },
    { name: 'no report came yet of the way', leg: { roundTripMs: null }, page: { path: { kind: 'host', protocol: 'udp', roundTripMs: null } }, want: [] },
    { name: 'beeps of 20 ms, as Chromium gives them for a microphone', leg: { heardMs: 80 }, want: [] },
    { name: 'a customer came in between', leg: { isInterrupted: true, framesReceived: 0 }, want: ['interrupted'] },
    { name: 'the page is muted', page: { microphone: { isMuted: true, levelDbfs: null } }, leg: { heardMs: 0 }, want: ['muted'] },
    { name: 'nothing comes', leg: { framesReceived: 0, heardMs: 0, levelDbfs: null }, want: ['no-packets'] },
    { name: 'half a stream', leg: { framesReceived: 49, loss: 0.51 }, want: ['no-packets', 'loss'] },
    { name: 'only silence comes', leg: { heardMs: 40, levelDbfs: -70 }, page: { echo: { packetsReceived: 50, loss: 0, jitterMs: 4, levelDbfs: null } }, want: ['silent'] },
    { name: 'a desk telephone whose headset is muted', leg: { heardMs: 0, levelDbfs: null }, page: null, want: ['silent'] },
    { name: 'loss on the way to us', leg: { loss: 0.051 }, want: ['loss'] },
    { name: 'loss on the way to the page', page: { echo: { packetsReceived: 45, loss: 0.1, jitterMs: 4, levelDbfs: -22 } }, want: ['loss'] },
    { name: 'a wireless network that gasps', leg: { jitterMs: 61 }, want: ['jitter'] },
    { name: 'far away', leg: { roundTripMs: 501 }, want: ['slow'] },
    { name: 'far away, as only the page knows', leg: { roundTripMs: null }, page: { path: { kind: 'relay', protocol: 'udp', roundTripMs: 900 } }, want: ['slow'] },
    { name: 'no pair of candidates', page: { path: null }, want: ['no-path'] },
    { name: 'what is played does not arrive', page: { echo: { packetsReceived: 0, loss: 0, jitterMs: 0, levelDbfs: null } }, want: ['no-echo'] },
    { name: 'what is played arrives as silence', page: { echo: { packetsReceived: 50, loss: 0, jitterMs: 4, levelDbfs: -80 } }, want: ['no-echo'] },
  ]
  test.each(cases)('$name', ({ leg, page, want }) => {
    expect(faultsOf({ ...LEG, ...leg }, page === null ? null : { ...PAGE, ...page })).toEqual(want)
  })
})
