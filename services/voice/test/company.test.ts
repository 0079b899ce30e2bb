import { afterEach, expect, test } from 'vitest'
import type { UserId } from '@loopline/vocabulary/ids'
import type { TalkPlan } from '@loopline/contracts/voice-link'
import { mediaOfTest, type CallOfTest, type MediaOfTest } from './media-of-test.ts'
import { powerShare, rtpPeer, shareOf, type Heard, type RtpPeer } from './rtp-peer.ts'

/** Hz of each voice. */
const [CUSTOMER, AGENT, COLLEAGUE] = [440, 1_000, 1_700]
const LIMIT = { timeout: 60_000 }

let media: MediaOfTest
const peers: RtpPeer[] = []

async function peer(law: 'PCMA' | 'PCMU' = 'PCMA'): Promise<RtpPeer> {
  const made = await rtpPeer(law, 101)
  peers.push(made)
  return made
}

afterEach(async () => {
  for (const each of peers.splice(0)) each.close()
  await media.stop()
})

interface Three { customer: RtpPeer; agent: RtpPeer; colleague: RtpPeer; agentId: UserId; colleagueId: UserId; call: CallOfTest }

/** A person and an agent who hear each other, and a colleague of another law who is free. */
async function three(plan: Partial<TalkPlan> = {}): Promise<Three> {
  media = await mediaOfTest()
  const [customer, agent, colleague] = [await peer(), await peer(), await peer('PCMU')]
  const [agentId, colleagueId] = [await media.desk(agent), await media.desk(colleague)]
  const call = media.call(customer, { agentId, ...plan })
  customer.keepSaying(CUSTOMER)
  agent.keepSaying(AGENT)
  colleague.keepSaying(COLLEAGUE)
  call.answer()
  await media.event('connected', call.attemptId)
  return { customer, agent, colleague, agentId, colleagueId, call }
}

async function consulting(plan: Partial<TalkPlan> = {}): Promise<Three> {
  const all = await three(plan)
  all.call.tell({ order: 'consult', agentId: all.colleagueId })
  await hears(all.agent, COLLEAGUE, [CUSTOMER])
  await hears(all.colleague, AGENT, [CUSTOMER])
  return all
}

/** Resolves when this peer hears mostly this voice for a third of a second, and none of the others. */
const hears = (of: RtpPeer, hz: number, not: number[]): Promise<void> =>
  of.when((heard) => heard.length > 15 && shareOf(hz, heard.slice(-15)) > 0.8 && not.every((other) => shareOf(other, heard.slice(-15)) < 0.02))
const hearsBoth = (of: RtpPeer, one: number, other: number): Promise<void> =>
  of.when((heard) => heard.length > 20 && shareOf(one, heard.slice(-20)) > 0.25 && shareOf(other, heard.slice(-20)) > 0.25)
/** Music is neither of the voices, and it is not silence. */
const hearsMusic = (of: RtpPeer): Promise<void> =>
  of.when((heard) => heard.length > 30 && [AGENT, COLLEAGUE].every((hz) => shareOf(hz, heard.slice(-25)) < 0.05))

function expectUnbroken(heard: readonly Heard[]): void {
  for (const [index, packet] of heard.entries()) {
    const before = heard[index - 1]
    if (before === undefined) continue
    expect(packet.ssrc).toBe(before.ssrc)
    expect((packet.sequence - before.sequence) & 0xffff).toBe(1)
  }
}

test('on a consultation agent and colleague speak alone, the person hears music', LIMIT, async () => {
  const { customer, agent, colleague, agentId, colleagueId, call } = await consulting()
  await hearsMusic(customer)
  expect(await media.event('company', call.attemptId)).toMatchObject({ agentId, colleague: { agentId: colleagueId, mode: 'consult' } })
  call.tell({ order: 'leave', agentId: colleagueId }) // the agent takes the person back
  await Promise.all([hears(customer, AGENT, [COLLEAGUE]), hears(agent, CUSTOMER, [COLLEAGUE])])
  expect(await media.event('left', call.attemptId)).toMatchObject({ agentId: colleagueId, quality: { loss: 0 } })
  for (const each of [customer, agent, colleague]) expectUnbroken(each.heard)
})

test('a consultation is completed: the person is the colleague’s, the agent hears nothing more', LIMIT, async () => {
  const { customer, agent, colleague, agentId, colleagueId, call } = await consulting()
  call.tell({ order: 'hand-over', agentId: colleagueId })
  await Promise.all([hears(customer, COLLEAGUE, [AGENT]), hears(colleague, CUSTOMER, [AGENT])])
  const before = agent.heard.length
  const from = customer.heard.length
  await customer.when((heard) => heard.length > from + 10)
  expect(agent.heard.length).toBe(before)
  expect(await media.event('left', call.attemptId)).toMatchObject({ agentId })
  await media.first('joined', (message) => message.agentId === colleagueId)
  expectUnbroken(customer.heard)
  expectUnbroken(colleague.heard)
})

test('in a conference everybody hears the two others; whoever leaves leaves the two talking', LIMIT, async () => {
  const { customer, agent, colleague, agentId, call } = await consulting()
  call.tell({ order: 'conference', on: true })
  await Promise.all([hearsBoth(customer, AGENT, COLLEAGUE), hearsBoth(agent, CUSTOMER, COLLEAGUE), hearsBoth(colleague, CUSTOMER, AGENT)])
  call.tell({ order: 'conference', on: false })
  await Promise.all([hearsMusic(customer), hears(agent, COLLEAGUE, [CUSTOMER])])
  call.tell({ order: 'conference', on: true })
  await hearsBoth(customer, AGENT, COLLEAGUE)
  call.tell({ order: 'leave', agentId })
  await Promise.all([hears(customer, COLLEAGUE, [AGENT]), hears(colleague, CUSTOMER, [AGENT])])
  for (const each of [customer, agent, colleague]) expectUnbroken(each.heard)
})

test('the last one cannot leave, and nobody comes twice', LIMIT, async () => {
  const { agentId, colleagueId, call } = await three()
  call.tell({ order: 'conference', on: true })
  call.tell({ order: 'leave', agentId })
  call.tell({ order: 'consult', agentId: '00000000-0000-7000-8000-000000000001' as UserId })
  const refused = (): { order: string; refusal: string }[] => media.told.flatMap((message) => (message.type === 'calls' ? message.events : [])).flatMap((event) => (event.kind === 'talk-refused' ? [event] : []))
  await media.first('calls', () => refused().length === 3)
  expect(refused()).toMatchObject([{ order: 'conference', refusal: 'nobody-beside' }, { order: 'leave', refusal: 'last-one' }, { order: 'consult', refusal: 'agent-leg-down' }])
  const other = media.call(await peer(), { agentId: colleagueId })
  other.answer()
  await media.event('connected', other.attemptId)
  call.tell({ order: 'consult', agentId: colleagueId })
  await media.first('calls', () => refused().length === 4)
  expect(refused()[3]).toMatchObject({ order: 'consult', refusal: 'agent-busy' })
})

test('the recording has the person left and everybody of ours right, and nothing of a consultation', LIMIT, async () => {
  const { customer, agentId, colleagueId, call } = await three({ recording: { record: 'yes', basis: 'granted' } })
  const blocks = (): { customer: Int16Array; seller: Int16Array }[] => media.recorded.flatMap((message) => (message.type === 'block' ? [message] : []))
  /** The part of this tone in the last second of one channel. */
  const share = (side: 'customer' | 'seller', hz: number): number => powerShare(hz, blocks().slice(-4).flatMap((block) => [...block[side]]))
  const isSilent = (side: 'customer' | 'seller'): boolean => blocks().slice(-3).every((block) => block[side].every((sample) => sample === 0))
  await media.recorder(() => blocks().length > 4 && share('seller', AGENT) > 0.8)
  call.tell({ order: 'consult', agentId: colleagueId })
  await media.recorder(() => isSilent('seller') && isSilent('customer'))
  call.tell({ order: 'conference', on: true })
  await media.recorder(() => share('seller', AGENT) > 0.25 && share('seller', COLLEAGUE) > 0.25 && share('customer', CUSTOMER) > 0.8)
  call.tell({ order: 'leave', agentId })
  await media.recorder(() => share('seller', COLLEAGUE) > 0.8 && share('seller', AGENT) < 0.02)
  call.close()
  await media.recorder((messages) => messages.at(-1)?.type === 'end')
  expect((await media.event('talk-ended', call.attemptId)).agent?.packetsReceived).toBeGreaterThan(50)
  expectUnbroken(customer.heard)
})

test('the agent’s browser dies on a consultation: the person becomes the colleague’s', LIMIT, async () => {
  const { customer, colleague, agentId, colleagueId, call } = await consulting()
  media.drop(agentId)
  await Promise.all([hears(customer, COLLEAGUE, [AGENT]), hears(colleague, CUSTOMER, [AGENT])])
  await media.first('joined', (message) => message.agentId === colleagueId && message.attemptId === call.attemptId)
})

test('the colleague’s browser dies: the person has the agent again as soon as he is told to leave', LIMIT, async () => {
  const { customer, agent, colleagueId, call } = await consulting()
  media.drop(colleagueId)
  call.tell({ order: 'leave', agentId: colleagueId })
  await Promise.all([hears(customer, AGENT, [COLLEAGUE]), hears(agent, CUSTOMER, [COLLEAGUE])])
})

test('nobody of ours is left: music, word to the dialers, and the message when it is ordered', LIMIT, async () => {
  const { customer, agentId, call } = await three({ fallback: { afterMs: 300, play: 'please-wait-en', then: 'hang-up' } })
  media.drop(agentId)
  await hearsMusic(customer)
  await media.event('waiting', call.attemptId)
  call.tell({ order: 'fall-back' })
  expect((await media.first('hang-up')).why).toBe('agent-lost')
})

test('an agent whose leg is back at once goes on by himself', LIMIT, async () => {
  const { customer, agentId } = await three()
  media.drop(agentId)
  await hearsMusic(customer)
  const anew = await peer()
  await media.desk(anew, agentId, 2)
  anew.keepSaying(AGENT)
  await Promise.all([hears(customer, AGENT, []), hears(anew, CUSTOMER, [])])
})

test('one whose leg is back so late that his session may have let the call go is joined by the dialer’s word alone', LIMIT, async () => {
  const { customer, agentId, call } = await three()
  media.drop(agentId)
  await media.event('waiting', call.attemptId)
  const anew = await peer()
  await media.desk(anew, agentId, 2)
  anew.keepSaying(AGENT)
  const toldBefore = media.told.length
  await media.first('calls', (message) => media.told.indexOf(message as never) >= toldBefore && message.events.some(({ kind }) => kind === 'waiting'))
  expect(shareOf(AGENT, customer.heard.slice(-25))).toBeLessThan(0.05)
  call.tell({ order: 'hand-over', agentId })
  await Promise.all([hears(customer, AGENT, []), hears(anew, CUSTOMER, [])])
})
