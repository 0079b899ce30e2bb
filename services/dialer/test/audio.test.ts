import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SOUND_REFUSALS } from '@loopline/announcement/read-sound'
import { SOUND_REFUSAL_WORDS } from '@loopline/contracts/audio-refusal'
import type { AudioView } from '@loopline/contracts/audio'
import type { CampaignSettings, CampaignView, CampaignProgressView } from '@loopline/contracts/campaign'
import type { CustomerState } from '@loopline/contracts/customer-event'
import { signIdentity } from '@loopline/http/identity-token'
import type { z } from 'zod'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { addLine, openWorld, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

const folder = mkdtempSync(join(tmpdir(), 'dialer audio '))
let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer({ OBJECTS_URL: pathToFileURL(join(folder, 'objects')).href })
  await addLine(world, dialer.url)
  world.voice.script = () => null
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

/** Two channels of 44.1 kHz: what an editor of sounds saves. */
function wav(seconds: number): Buffer {
  const [rate, frames] = [44_100, Math.floor(44_100 * seconds)]
  const file = Buffer.alloc(44 + 4 * frames)
  file.write('RIFF', 0)
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(2, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(4 * rate, 28)
  file.writeUInt16LE(4, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(4 * frames, 40)
  for (let at = 0; at < frames; at += 1) {
    const sample = Math.round(9_000 * Math.sin((2 * Math.PI * 600 * at) / rate))
    file.writeInt16LE(sample, 44 + 4 * at)
    file.writeInt16LE(sample, 46 + 4 * at)
  }
  return file
}

async function send(body: Buffer, { name = '春季活动', type = 'audio/wav', role = 'supervisor' as const } = {}): Promise<{ status: number; body: AudioView & { error?: { code: string; details: { reason: string } } } }> {
  const token = await signIdentity(world.keys.signingKey('identity'), { sub: '00000000-0000-7000-8000-0000000000ab', role, name: '李', teamId: null })
  const answer = await fetch(`${dialer.url}/audio?name=${encodeURIComponent(name)}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': type }, body: new Uint8Array(body) })
  return { status: answer.status, body: await answer.json() as never }
}
const code = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code

let crowds = 0
async function callIn(settings: Partial<CampaignSettings>, fields: Partial<CustomerState> = {}) {
  const name = `told ${crowds += 1}`
  world.crm.add(customer(world.keys, { region: name, ...fields }))
  const { campaignId } = await startCampaign(world, dialer.url, { audience: region(name), mode: 'progressive', wrapUpMs: 0, ...settings })
  const seller = new AgentDesk(world, dialer.url)
  await seller.begin(campaignId)
  return { campaignId, seller }
}

test("a company's own WAV becomes telephone sound, is played by its campaign, and cannot be removed while it is", async () => {
  const { status, body } = await send(wav(3))
  expect([status, body.durationMs, body.name, body.madeBy]).toEqual([201, 3_000, '春季活动', '李'])
  const { audioId } = body
  expect(world.audits.at(-1)).toMatchObject({ action: 'audio:upload', subject: audioId, details: { durationMs: 3_000 } })
  const token = await signIdentity(world.keys.signingKey('identity'), { sub: '00000000-0000-7000-8000-0000000000ab', role: 'agent', name: '李', teamId: null })
  const sound = Buffer.from(await (await fetch(`${dialer.url}/audio/${audioId}/sound.wav`, { headers: { authorization: `Bearer ${token}` } })).arrayBuffer())
  expect([sound.readUInt16LE(20), sound.readUInt16LE(22), sound.readUInt32LE(24), sound.length]).toEqual([6, 1, 8_000, 44 + 24_000])
  const { seller, campaignId } = await callIn({ language: 'en', fallbackAudioId: audioId, announcementAudioId: audioId })
  const call = await seller.call()
  expect(call.talk).toMatchObject({
    recording: { record: 'after-announcement', announcement: `audio/${audioId}.wav` },
    fallback: { play: `audio/${audioId}.wav`, otherwise: 'no-agent-en' },
  })
  await until(() => world.voice.sounds.includes(`audio/${audioId}.wav`), 'voice is told to hold it')
  expect(code(await world.ask(dialer.url, 'DELETE', `/audio/${audioId}`))).toBe('AUDIO_IN_USE')
  await world.ask(dialer.url, 'POST', `/campaigns/${campaignId}/stop`, {})
  expect((await world.ask(dialer.url, 'DELETE', `/audio/${audioId}`)).status).toBe(200)
  expect(code(await world.ask(dialer.url, 'GET', `/audio/${audioId}/sound.wav`))).toBe('AUDIO_NOT_FOUND')
  expect(code(await world.ask(dialer.url, 'POST', '/campaigns', { name: 'x', audience: null, fallbackAudioId: audioId }))).toBe('AUDIO_NOT_FOUND')
  await until(() => world.voice.sounds.length === 0, 'voice need not hold it any longer')
})

test('threat 21: what is no sound, too long or sent as something else is refused with its reason', async () => {
  expect(await send(Buffer.from('ID3 hello'))).toMatchObject({ status: 422, body: { error: { code: 'AUDIO_REFUSED', details: { reason: 'not-wave' } } } })
  const claims = wav(1)
  claims.writeUInt32LE(0xffff_fff0, 40)
  expect((await send(claims)).body.error?.details.reason).toBe('cut-short')
  expect((await send(wav(0.05))).body.error?.details.reason).toBe('too-short')
  expect((await send(Buffer.alloc(25_000_000))).status).toBe(413)
  expect((await send(wav(1), { type: 'audio/mpeg' })).status).toBe(415)
  expect((await send(wav(1), { role: 'agent' as never })).status).toBe(403)
})

test('every refusal has its words', () => expect(SOUND_REFUSAL_WORDS).toEqual(SOUND_REFUSALS))

test('a campaign speaks its own language, and the company its own where the campaign names none', async () => {
  const english = await (await callIn({ language: 'en' })).seller.call()
  expect(english.talk).toMatchObject({ recording: { announcement: 'recording-announcement-en' }, fallback: { play: 'no-agent-en' } })
  const chinese = await (await callIn({})).seller.call()
  expect(chinese.talk).toMatchObject({ recording: { announcement: 'recording-announcement-zh' }, fallback: { play: 'no-agent-zh' } })
})

test('f12 where recording is required nobody is called while it cannot be written, nor who refused it', async () => {
  world.voice.send({ type: 'recorder', state: 'down', reason: 'STORE_FULL', at: Date.now() })
  const { campaignId, seller } = await callIn({ recordingRequired: true }, { recordingConsent: 'granted' })
  const progress = async () => (await world.ask<z.infer<typeof CampaignProgressView>>(dialer.url, 'GET', `/campaigns/${campaignId}/progress`)).body
  await until(async () => (await progress()).holdReason === 'recorder-down', 'the campaign waits for the recorder')
  expect((await progress()).attempts).toBe(0)
  const other = await (await callIn({}, { recordingConsent: 'granted' })).seller.call() // it may go unrecorded
  expect(other.talk?.recording).toEqual({ record: 'yes', basis: 'granted' })
  world.voice.send({ type: 'recorder', state: 'up', reason: null, at: Date.now() })
  expect((await seller.call()).talk?.recording).toEqual({ record: 'yes', basis: 'granted', required: true })

  const refusing = await callIn({ recordingRequired: true }, { recordingConsent: 'refused' })
  await until(async () => (await world.database.db.sql<{ reason: string }>`select hold_reason as reason from dialer.entry where campaign_id = ${refusing.campaignId}`)[0]?.reason === 'recording-not-allowed', 'the entry is held')
  expect((await world.ask<CampaignView>(dialer.url, 'GET', `/campaigns/${refusing.campaignId}`)).body.recordingRequired).toBe(true)
  expect(await world.database.db.sql`select from dialer.attempt where campaign_id = ${refusing.campaignId}`).toEqual([])
})
