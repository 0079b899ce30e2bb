import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { RunningDialer } from '../main.ts'
import { AgentDesk } from './agent-desk.ts'
import { openWorld, present } from './harness.ts'
import type { World } from './harness.ts'

let world: World
let dialer: RunningDialer
beforeAll(async () => {
  world = await openWorld()
  dialer = await world.startDialer()
})
afterAll(() => world.close())
const code = (answer: { body: unknown }): string => (answer.body as { error: { code: string } }).error.code

test('a lead’s words stay on the phone bar until they are read; audited first, and only to his own', async () => {
  const teamId = newId()
  const [seller, own, stranger] = [new AgentDesk(world, dialer.url, { teamId }), new AgentDesk(world, dialer.url, { role: 'supervisor', teamId }), new AgentDesk(world, dialer.url, { role: 'supervisor', teamId: newId() })]
  await seller.begin()
  const path = `/agents/${seller.agentId}/messages`
  expect(code(await stranger.ask('POST', path, { text: '你好' }))).toBe('AGENT_NOT_FOUND')
  expect((await seller.ask('POST', path, { text: '你好' })).status).toBe(403)
  expect((await own.ask('POST', path, { text: '   ' })).status).toBeGreaterThanOrEqual(400)
  world.auditFails = true
  expect((await own.ask('POST', path, { text: '客户在线上，请放慢' })).status).toBeGreaterThanOrEqual(500)
  world.auditFails = false
  expect((await seller.me()).messages).toEqual([])
  const sent = await own.ask<{ messageId: string }>('POST', path, { text: '客户在线上，请放慢' })
  await own.ask('POST', path, { text: '谢谢' })
  expect(world.audits.slice(-2)).toMatchObject([{ action: 'agent:message', subject: seller.agentId, details: { text: '客户在线上，请放慢' } }, { details: { text: '谢谢' } }])
  const before = await seller.me()
  expect(before.messages).toMatchObject([{ messageId: sent.body.messageId, from: '王芳', text: '客户在线上，请放慢' }, { text: '谢谢' }])
  await seller.ask('POST', '/agents/me/sign-on', { pageId: 'a-page-reloaded', campaignIds: [] })
  expect((await seller.me()).messages).toHaveLength(2)
  const read = await seller.ask('POST', `/agents/me/messages/${sent.body.messageId}/read`)
  expect(read.body.messages).toMatchObject([{ text: '谢谢' }])
  expect((await seller.ask('POST', `/agents/me/messages/${sent.body.messageId}/read`)).status).toBe(200)
  const [row] = await world.database.db.sql<{ read: boolean }>`select read_at is not null as read from dialer.agent_message where id = ${sent.body.messageId}`
  expect(present(row).read).toBe(true)
  for (let more = 1; more < 20; more++) await own.ask('POST', path, { text: String(more) })
  expect(code(await own.ask('POST', path, { text: 'too many' }))).toBe('MESSAGES_UNREAD')
})
