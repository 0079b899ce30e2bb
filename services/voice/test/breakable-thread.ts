/** Preloaded into a voice process by tests: on request, an exception comes up in its threads, or in the recorder alone, out of nowhere. */
import { BroadcastChannel, isMainThread, workerData } from 'node:worker_threads'

const channel = new BroadcastChannel('break-threads')
channel.unref()
if (isMainThread) {
  process.on('message', (message: { breakThread?: boolean; breakRecorder?: boolean }) => {
    if (message.breakThread === true) channel.postMessage('all')
    if (message.breakRecorder === true) channel.postMessage('recorder')
  })
} else {
  const isRecorder = 'pendingBytesMax' in ((workerData as object | null) ?? {})
  channel.onmessage = (event) => {
    if ((event as { data: unknown }).data === 'all' || isRecorder) throw new Error('a bug in a thread, as a test wants it')
  }
}
