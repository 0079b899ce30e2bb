/** The handshake thread: DTLS of browsers' legs, away from the thread that moves their media. Started by the media thread. */
import { parentPort } from 'node:worker_threads'
import { assert } from '@loopline/vocabulary/assert'
import type { FromHandshake, ToHandshake } from './handshake-messages.ts'
import { createCertificate, Handshakes } from './handshakes.ts'

const port = parentPort
assert(port, 'runs as a worker thread')
const say = (message: FromHandshake): void => port.postMessage(message)

const certificate = await createCertificate()
const handshakes = new Handshakes(certificate, say)

port.on('message', (message: ToHandshake) => {
  switch (message.type) {
    case 'expect': return handshakes.expect(message.legKey, message.fingerprint)
    case 'datagram': return handshakes.receive(message.legKey, message.datagram)
    case 'forget': return handshakes.forget(message.legKey)
    case 'shut-down':
      handshakes.close()
      say({ type: 'stopped' })
      return port.close()
  }
})
say({ type: 'ready', fingerprint: certificate.fingerprint })
