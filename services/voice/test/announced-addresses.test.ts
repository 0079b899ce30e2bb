import { expect, test } from 'vitest'
import { ownNetworks } from '@loopline/tls/server-names'
import { AnnouncedAddresses, faultOf } from '../announced-addresses.ts'
import { readConfig } from '../config.ts'

test.each([
  ['203.0.113.7', null],
  ['auto', null],
  ['10.0.0.0/8=10.0.0.5,default=203.0.113.7', null],
  [' 10.0.0.0/8 = 10.0.0.5 , default=203.0.113.7', null],
  ['10.0.0.0/8=10.0.0.5', 'the others need a `default=` address'],
  ['10.0.0.0/40=10.0.0.5,default=203.0.113.7', '10.0.0.0/40 is no network such as 10.0.0.0/8'],
  ['office=10.0.0.5,default=203.0.113.7', 'office is no network such as 10.0.0.0/8'],
  ['default=pbx.example', 'pbx.example is no IPv4 address'],
  ['default=203.0.113.7,default=203.0.113.8', 'a network is named twice'],
  ['', 'nothing is no IPv4 address'],
])('%s as a setting: %s', (setting, fault) => {
  expect(faultOf(setting)).toBe(fault)
})

test('the narrowest network that holds the peer decides; strangers, names and IPv6 get the default', () => {
  const addresses = new AnnouncedAddresses('10.0.0.0/8=10.0.0.5,default=203.0.113.7,10.9.0.0/16=10.9.0.1')
  const peers = ['10.1.2.3', '10.9.8.7', '::ffff:10.9.8.7', '198.51.100.1', 'sip.carrier.example', '2001:db8::1', '']
  expect(peers.map((peer) => addresses.of(peer))).toEqual(['10.0.0.5', '10.9.0.1', '10.9.0.1', '203.0.113.7', '203.0.113.7', '203.0.113.7', '203.0.113.7'])
  expect(addresses.all('10.9.8.7')).toEqual(['10.9.0.1', '10.0.0.5', '203.0.113.7'])
  expect(addresses.all('198.51.100.1')[0]).toBe('203.0.113.7')
})

test('auto: whoever is in a network of ours is told our address there, and the loopback only to this machine', () => {
  const addresses = new AnnouncedAddresses('auto')
  expect(addresses.of('127.0.0.1')).toBe('127.0.0.1')
  expect(addresses.all('127.0.0.1')[0]).toBe('127.0.0.1')
  const [own] = ownNetworks()
  expect(addresses.of('198.51.100.200')).toBe(own?.address ?? '127.0.0.1')
  for (const { address } of ownNetworks()) {
    expect(addresses.of(address)).toBe(address)
    expect(addresses.all(address)).not.toContain('127.0.0.1')
  }
})

test('a wrong one is named before a socket opens', () => {
  expect(() => readConfig({ VOICE_DIR: '/nowhere', MEDIA_ADDRESS: '10.0.0.0/8=10.0.0.5' })).toThrow(/default=/)
  expect(() => readConfig({ VOICE_DIR: '/nowhere', MEDIA_ADDRESS_AGENTS: 'pbx' })).toThrow(/no IPv4 address/)
  expect(readConfig({ VOICE_DIR: '/nowhere' })).toMatchObject({ MEDIA_ADDRESS: '127.0.0.1', MEDIA_ADDRESS_AGENTS: '' })
})
