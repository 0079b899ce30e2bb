import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CallEndedEvent } from '@loopline/contracts/call-event'
import type { CampaignView } from '@loopline/contracts/campaign'
import type { RunningDialer } from '../main.ts'
import { openWorld, present, region, startCampaign, storeLine, until } from './harness.ts'
import type { World } from './harness.ts'
import { customer } from './scripted-crm.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
  await storeLine(world)
})
afterAll(() => world.close())

const entry = (externalId: string, fields: object = {}): object => ({
  externalId, phone: '13900001234', priority: 100, consent: { state: 'granted', source: 'web form', at: '2026-11-01T00:00:00Z' }, sandbox: true, ...fields,
})

test('without crm: who to call comes by API, once each, and without consent nobody is called', async () => {
  const dialer = await world.startDialer({ CRM_URL: null })
  expect((await world.ask(dialer.url, 'GET', '/internal/stats', undefined, 'service')).body).toMatchObject({ rules: 0 })
  const started = await startCampaign(world, dialer.url, { audience: null })
  const path = `/campaigns/${started.campaignId}/entries`
  const first = await world.ask<{ added: number; known: number; customerIds: string[] }>(dialer.url, 'POST', path,
    { entries: [entry('one'), entry('two', { priority: 900 }), entry('three', { consent: { state: 'unknown', source: '', at: '' } })] }, 'integrator')
  expect(first.body).toMatchObject({ added: 3, known: 0 })
  const again = await world.ask<{ added: number; known: number }>(dialer.url, 'POST', path, { entries: [entry('one')] }, 'integrator')
  expect(again.body).toMatchObject({ added: 0, known: 1 })
  await until(() => world.voice.dialled.length === 2, 'two calls')
  const [one, , three] = first.body.customerIds as [string, string, string]
  expect(world.voice.dialled.map((call) => call.customerId)).not.toContain(three)
  const called = present(world.voice.dialled.find((call) => call.customerId === one))
  expect(world.keys.openPhone(Buffer.from(called.phoneSealed, 'base64'), one).reveal()).toBe('+8613900001234')
  const why = await world.ask<{ dialable: boolean; reasons: { reason: string }[] }>(dialer.url, 'GET', `/campaigns/${started.campaignId}/why-not/${three}`)
  expect(why.body.reasons.map((reason) => reason.reason)).toContain('consent-unknown')
  const wrong = await world.ask<{ error: { code: string } }>(dialer.url, 'POST', path, { entries: [entry('four', { phone: '123' })] }, 'integrator')
  expect(wrong.body.error.code).toBe('PHONE_INVALID')
  const attempts = await until(async () => {
    const { body } = await world.ask<{ items: { outcome: string | null }[] }>(dialer.url, 'GET', `/attempts?campaignId=${started.campaignId}`)
    return body.items.every((attempt) => attempt.outcome !== null) && body.items
  }, 'their outcomes')
  expect(attempts.map((attempt) => attempt.outcome)).toEqual(['connected', 'connected'])
  // What a webhook on `dialer.call` is sent: by the ids that were answered when the entries were made.
  const told = await until(async () => {
    const rows = await world.database.db.sql<{ body: string }>`select body from log.event where topic = 'dialer.call'`
    return rows.length === 2 && rows.map((row) => JSON.parse(row.body) as CallEndedEvent)
  }, 'both results')
  expect(new Set(told.map((event) => event.subject))).toEqual(new Set(first.body.customerIds.slice(0, 2)))
  for (const event of told) {
    expect(event).toMatchObject({ type: 'dialer.call.ended', source: '/dialer', data: { campaignId: started.campaignId, outcome: 'connected', decision: { gate: { allowed: true }, rules: [] } } })
  }
  expect(JSON.stringify(told)).not.toContain('13900001234')
  await dialer.stop()
})

test('what a campaign allows, asks and tells', async () => {
  const people = [customer(world.keys, { region: 'http' }), customer(world.keys, { region: 'http', neverCall: true }), customer(world.keys, { region: 'http', marketingConsent: 'refused' })]
  world.crm.add(...people)
  const dialer: RunningDialer = await world.startDialer()
  const ask = world.ask.bind(null, dialer.url) as <Answer>(method: string, path: string, body?: unknown, role?: Parameters<World['ask']>[4]) => Promise<{ status: number; body: Answer }>
  await until(async () => (await ask<{ rules: number | null }>('GET', '/internal/stats', undefined, 'service')).body.rules !== null, 'the rule book')

  const preview = await ask('POST', '/campaigns/audience-preview', { audience: region('http') })
  expect(preview.body).toEqual({ matching: 3, callableNow: 1, sampled: false, reasons: expect.arrayContaining([{ reason: 'never-call', count: 1 }, { reason: 'consent-refused', count: 1 }]) })
  expect((await ask<{ error: { code: string } }>('POST', '/campaigns', { name: 'x', audience: { combinator: 'and', rules: [{ field: 'phone', operator: '=', value: 1 }] } })).body.error.code).toBe('CONDITION_INVALID')

  const made = await ask<CampaignView>('POST', '/campaigns', { name: 'x', audience: region('http'), ratePerSecond: 7 })
  const edited = await ask<CampaignView>('PATCH', `/campaigns/${made.body.campaignId}`, { version: 1, name: 'y' })
  expect(edited.body).toMatchObject({ name: 'y', version: 2, ratePerSecond: 7 })
  const late = await ask<{ error: { code: string; details: { current: CampaignView } } }>('PATCH', `/campaigns/${made.body.campaignId}`, { version: 1, name: 'z' })
  expect(late.body.error).toMatchObject({ code: 'VERSION_CONFLICT', details: { current: { name: 'y' } } })
  expect((await ask('POST', `/campaigns/${made.body.campaignId}/pause`, {})).status).toBe(409)
  expect((await ask('POST', `/campaigns/${made.body.campaignId}/start`, {}, 'agent')).status).toBe(403)
  expect((await ask('POST', '/calls', { customerId: present(people[0]).customerId }, 'agent')).status).toBe(404)
  expect((await ask<{ items: unknown[] }>('GET', '/attempts', undefined, 'agent')).body.items).toEqual([])
  expect((await ask<{ items: CampaignView[] }>('GET', '/campaigns?limit=1')).body.items[0]).toMatchObject({ name: 'y' })
  expect(world.audits.map((one) => one.action)).toEqual(expect.arrayContaining(['campaign:create', 'campaign:edit']))

  const line = present((await ask<{ items: { lineId: string; version: number; type: string; maxPerSecond: number }[] }>('GET', '/lines')).body.items[0])
  const changed = await ask<{ maxPerSecond: number; type: string; authUser: string; srtp: string; version: number }>('PATCH', `/lines/${line.lineId}`, { version: line.version, authUser: 'u', authPassword: 'secret' })
  expect(changed.body).toMatchObject({ authUser: 'u', maxPerSecond: 2_000, version: 2 })
  expect(changed.body).not.toHaveProperty('authPassword')
  expect(changed.body).toMatchObject({ srtp: 'off' }) // as every line before there was a choice
  expect((await ask('PATCH', `/lines/${line.lineId}`, { version: 2, srtp: 'maybe' })).status).toBe(400)
  expect((await ask('PATCH', `/lines/${line.lineId}`, { version: 2, srtp: 'required' })).body).toMatchObject({ srtp: 'required', authUser: 'u', version: 3 })
  await until(() => world.voice.lines.some((one) => one.version === 3 && one.srtp === 'required'), 'voice is told to encrypt')
  const sealed = await until(() => world.voice.lines.find((one) => one.version === 3)?.authPasswordSealed, 'voice is told')
  expect(world.keys.open(Buffer.from(sealed, 'base64'), line.lineId)).toBe('secret')
  await dialer.stop()
})
