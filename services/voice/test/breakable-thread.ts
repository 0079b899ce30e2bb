/** Preloaded into a voice process by tests: on request, an exception comes up in its signalling threads out of nowhere. */
import { BroadcastChannel, isMainThread } from 'node:worker_threads'

const channel = new BroadcastChannel('break-threads')
channel.unref()
if (isMainThread) {
  process.on('message', (message: { breakThread?: boolean }) => {
    if (message.breakThread === true) channel.postMessage('now')
  })
} else {
  channel.onmessage = () => {
    throw new Error('a bug in a signalling thread, as a test wants it')
  }
}
