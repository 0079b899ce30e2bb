/**
 * Voice with one desk telephone, as a process of its own for telephones that nobody here wrote. Prints what a dialer hears,
 * one JSON value a line; orders (contracts, TalkOrder) come by stdin the same way. In place of the media thread stands one
 * UDP port: the leg is up with its first RTP packet.
 */
import { createSocket } from 'node:dgram'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createKeyring } from '@loopline/keys/keyring'
import { newKeySet } from '@loopline/keys/key-file'
import type { TalkOrder } from '@loopline/contracts/voice-link'
import { silentLogger } from '@loopline/telemetry/logger'
import { readConfig } from '../config.ts'
import { startVoice } from '../main.ts'
import { connectDialer } from './dialer-of-test.ts'
import { deskPhoneOf } from './desk-of-test.ts'
import { MediaOfTest, newAgentId } from './phone-of-test.ts'

const [user = 'agent1', password = 'secret1'] = process.argv.slice(2)
const keySet = newKeySet()
const keys = createKeyring(keySet)
const agentId = newAgentId()
const media = new MediaOfTest()
const rtp = createSocket('udp4')
await new Promise<void>((resolve) => rtp.bind(0, '127.0.0.1', resolve))

const voice = await startVoice(
  // baresip 1.0 gives up at the first challenge whose algorithm it does not know, wherever it stands.
  readConfig({ VOICE_DIR: mkdtempSync(join(tmpdir(), 'voice-')), LOG_LEVEL: 'silent', AGENT_SIP_LISTEN: '127.0.0.1:0', AGENT_DIGEST: 'md5' }),
  { keys, keysText: JSON.stringify(keySet), log: silentLogger(), mediaOfPhones: media },
)
media.say({ type: 'ready', browser: { port: 9, fingerprint: '' } })
media.say({ type: 'endpoints', endpoints: [{ index: 0, port: rtp.address().port }] })
const dialer = await connectDialer(voice.link, keys)
dialer.send({ type: 'desk-phones', phones: [deskPhoneOf(keys, agentId, { user, password })] })

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
let told = 0
void dialer.first((messages) => {
  for (const message of messages.slice(told)) if (message.type === 'agent-leg') print({ state: message.state, reason: message.reason })
  told = messages.length
  return undefined
})
let handled = 0
void media.heard.first((messages) => {
  for (const message of messages.slice(handled)) {
    if (message.type === 'open-agent') {
      print({ media: message.leg, audio: message.audio })
      rtp.once('message', () => media.say({ type: 'agent-leg', agentId, serial: message.serial, state: 'up', reason: null }))
    }
    if (message.type === 'close-agent') media.say({ type: 'endpoints', endpoints: [{ index: 0, port: rtp.address().port }] })
  }
  handled = messages.length
  return undefined
})
createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line) as TalkOrder
  dialer.send({ type: 'talk', orders: [{ ...order, agentId } as TalkOrder] })
}).on('close', () => void voice.stop().then(() => process.exit(0)))
print({ sip: voice.agentSip.udp })
