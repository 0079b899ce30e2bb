import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { phoneSettings } from './phone-settings.ts'

const NOW = Date.UTC(2026, 0, 5, 8)

test('TURN credentials end with the shift and are the HMAC that coturn reckons; STUN needs none', () => {
  const { iceServers } = phoneSettings({ webSocketPath: '/api/voice/sip', turnUrls: ['stun:turn.example', 'turns:turn.example:5349'], turnSecret: 'north' }, 'agent-7', NOW)
  const username = `${NOW / 1_000 + 12 * 3_600}:agent-7`
  expect(iceServers).toEqual([
    { urls: 'stun:turn.example' },
    { urls: 'turns:turn.example:5349', username, credential: createHmac('sha1', 'north').update(username).digest('base64') },
  ])
})

test.each([
  [{ TURN_URLS: 'turn.example:3478', TURN_SECRET: 'north' }, /stun:host/],
  [{ TURN_URLS: 'https://turn.example', TURN_SECRET: 'north' }, /stun:host/],
  [{ TURN_URLS: 'turn:turn.example' }, /need TURN_SECRET/],
])('%o is no setting', (env, fault) => {
  expect(() => readConfig({ DATABASE_URL: 'postgres://nowhere', ...env })).toThrow(fault)
})

test('several servers are told in their order', () => {
  const { TURN_URLS } = readConfig({ DATABASE_URL: 'postgres://nowhere', TURN_URLS: 'turn:a:3478?transport=udp, turns:a:5349?transport=tcp,stun:b', TURN_SECRET: 'north' })
  expect(TURN_URLS).toEqual(['turn:a:3478?transport=udp', 'turns:a:5349?transport=tcp', 'stun:b'])
})
