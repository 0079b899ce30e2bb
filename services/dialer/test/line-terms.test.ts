import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AttemptView } from '@loopline/contracts/campaign'
import type { LineProbed, LineView } from '@loopline/contracts/line'
import { Phone, type E164 } from '@loopline/vocabulary/phone'
import type { RunningDialer } from '../main.ts'
import { addLine, openWorld, present, region, startCampaign, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
})
afterAll(() => world.close())

const ask = <Answer>(method: string, path: string, body?: unknown, who?: Parameters<World['ask']>[4]): Promise<{ status: number; body: Answer }> => world.ask<Answer>(dialer.url, method, path, body, who)
/** A customer in China whose telephone is not. */
function livingAbroad(): ReturnType<typeof customer> {
  const person = customer(world.keys, { region: 'terms' })
  const sealed = world.keys.sealPhone(new Phone('+14155550123' as E164), person.customerId).toString('base64')
  return { ...person, phones: [{ ...present(person.phones[0]), sealed }] }
}

const lineNow = async (lineId: string): Promise<LineView> => present((await ask<{ items: LineView[] }>('GET', '/lines')).body.items.find((line) => line.lineId === lineId))

test('a line is changed by whoever saw it as it is, and its secret is never told', async () => {
  const lineId = await addLine(world, dialer.url, { authUser: 'trunk', authPassword: 'very secret', addPrefix: '00', numberFormat: 'national' })
  const edited = await ask<LineView>('PATCH', `/lines/${lineId}`, { version: 1, codecs: ['PCMU'], mayCall: ['+86'], permittedUse: 'after-sales' })
  expect(edited.body).toMatchObject({ version: 2, codecs: ['PCMU'], mayCall: ['+86'], permittedUse: 'after-sales', addPrefix: '00', authUser: 'trunk' })
  const late = await ask<{ error: { code: string; details: { current: LineView } } }>('PATCH', `/lines/${lineId}`, { version: 1, addPrefix: '9' })
  expect(late).toMatchObject({ status: 409, body: { error: { code: 'VERSION_CONFLICT', details: { current: { version: 2, addPrefix: '00' } } } } })
  for (const body of [edited.body, late.body, await lineNow(lineId)]) expect(JSON.stringify(body)).not.toMatch(/very secret|authPassword/)
  const stored = await world.database.db.sql<{ password: Buffer }>`select auth_password as password from dialer.line where line_id = ${lineId}::uuid`
  expect(present(stored[0]).password.toString('latin1')).not.toContain('very secret')
  await until(() => world.voice.lines.some((line) => line.version === 2 && line.addPrefix === '00' && line.codecs?.join() === 'PCMU'), 'voice is told')
  for (const wrong of [{ codecs: [] }, { mayCall: ['86'] }, { addPrefix: 'a' }, { countryCode: '0' }, { tariff: { perMinute: -1, currency: 'CNY', firstSeconds: 60, stepSeconds: 60 } }]) {
    expect((await ask('PATCH', `/lines/${lineId}`, { version: 2, ...wrong })).status, JSON.stringify(wrong)).toBe(400)
  }
  await ask('PATCH', `/lines/${lineId}`, { version: 2, enabled: false })
})

test('a carrier is asked on demand, by those who may change lines', async () => {
  const lineId = await addLine(world, dialer.url, { enabled: false })
  const probed = await ask<LineProbed>('POST', `/lines/${lineId}/probe`)
  expect(probed).toMatchObject({ status: 200, body: { failure: null, status: 200, phrase: 'OK', roundTripMs: 12.5, asked: 'udp 192.0.2.9:5060' } })
  expect((await ask('POST', `/lines/${lineId}/probe`, undefined, 'agent')).status).toBe(403)
  expect((await ask('POST', '/lines/00000000-0000-7000-8000-000000000001/probe')).status).toBe(404)
})

test('a line calls where its contract lets it, and a call costs what the tariff said when it began', async () => {
  const tariff = { perMinute: 0.06, currency: 'CNY', firstSeconds: 60, stepSeconds: 6 }
  const lineId = await addLine(world, dialer.url, { tariff, mayCall: ['+86'] })
  const [here, abroad] = [customer(world.keys, { region: 'terms' }), livingAbroad()]
  world.crm.add(here, abroad)
  world.voice.script = () => null
  const campaign = await startCampaign(world, dialer.url, { audience: region('terms') as never })
  const call = await until(() => world.voice.dialled[0], 'the call at home')
  expect(call.customerId).toBe(here.customerId)
  // Dearer from now on: for this call the old one holds.
  expect((await ask<LineView>('PATCH', `/lines/${lineId}`, { version: 1, tariff: { ...tariff, perMinute: 6 } })).body.tariff).toEqual({ ...tariff, perMinute: 6 })
  const answeredAt = Date.now() + 1_000
  world.voice.end(call, { startedAt: call.dialBy - 2_000, ringingAt: answeredAt, answeredAt, endedAt: answeredAt + 61_000 })
  const attempt = await until(async () => (await ask<{ items: AttemptView[] }>('GET', `/attempts?campaignId=${campaign.campaignId}`)).body.items.find((one) => one.outcome !== null), 'its outcome')
  expect(attempt).toMatchObject({ customerId: here.customerId, outcome: 'connected', cost: { amount: 0.066, currency: 'CNY' } })
  expect((await lineNow(lineId)).costLastHour).toBeCloseTo(0.066)
  const why = await ask<{ reasons: { reason: string }[] }>('GET', `/campaigns/${campaign.campaignId}/why-not/${abroad.customerId}`)
  expect(why.body.reasons.map(({ reason }) => reason)).toContain('line-not-permitted')
  expect(world.voice.dialled).toHaveLength(1)
})
