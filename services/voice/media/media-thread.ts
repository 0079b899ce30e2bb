/**
 * The media thread: owns every media socket of the process and the voices on them. Nothing here waits: handshakes, disks
 * and signalling are other threads'. One such thread carries some 300 calls; more calls are more voice processes.
 */
import { workerData } from 'node:worker_threads'
import { EndpointPool } from './endpoint-pool.ts'
import type { FromMedia, MediaStart, ToMedia } from './media-messages.ts'
import { MediaTable } from './media-table.ts'
import { BrowserPort } from './browser-port.hot.ts'
import { RecorderPort } from './recorder.ts'
import { readSounds } from './sounds.ts'

const start = workerData as MediaStart

const tell = (sender: number, message: FromMedia): void => start.senders[sender]?.port.postMessage(message)

const pool = await EndpointPool.bind(
  { host: start.host, ports: start.ports, shares: start.senders.map(({ endpoints }) => endpoints), restMs: start.restMs },
  ({ index, port, owner }) => tell(owner, { type: 'endpoints', endpoints: [{ index, port }] }),
)
const browsers = await BrowserPort.open(start.host, start.browserPort)
const recorder = new RecorderPort(start.recorder)
const table = new MediaTable({ pool, browsers, tell, sounds: readSounds(), silenceMaxMs: start.silenceMaxMs, recorder })

async function shutDown(): Promise<void> {
  table.close()
  pool.close()
  await browsers.close()
  tell(0, { type: 'stopped' })
}

start.senders.forEach(({ port }, sender) => {
  port.on('message', (message: ToMedia) => {
    if (message.type === 'shut-down') void shutDown()
    else if (message.type === 'recorder') recorder.adopt(message.port)
    else table.hear(sender, message, performance.now())
  })
  tell(sender, { type: 'ready', browser: { port: browsers.port, fingerprint: browsers.fingerprint } })
  tell(sender, { type: 'endpoints', endpoints: pool.ownedBy(sender) })
})
