/** Our S3 driver, and recordings through it, against moto: a server of Amazon's interface that others wrote. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'

const BUCKET = 'recordings'
const READY_WITHIN_MS = 60_000

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

/** Resolves when the bucket is made: the server answers by then. */
async function makeBucket(endpoint: string): Promise<void> {
  const giveUpAt = performance.now() + READY_WITHIN_MS
  for (;;) {
    const made = await fetch(`${endpoint}/${BUCKET}`, { method: 'PUT' }).then(({ ok }) => ok, () => false)
    if (made) return
    if (performance.now() > giveUpAt) throw new Error(`moto_server did not answer within ${READY_WITHIN_MS} ms`)
    await new Promise((resolve) => { setTimeout(resolve, 100) })
  }
}

const exitOf = (command: string, args: string[], env: Record<string, string>): Promise<number> => new Promise((resolve) => {
  spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).once('exit', (code) => resolve(code ?? 1))
})

const port = await freePort()
const endpoint = `http://127.0.0.1:${port}`
const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
try {
  await makeBucket(endpoint)
  process.exitCode = await exitOf(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'drivers/objects/s3-store.test.ts', 'services/voice/recording/recording.test.ts'], {
    LOOPLINE_TEST_S3: `s3://${BUCKET}?endpoint=${encodeURIComponent(endpoint)}&region=us-east-1`, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
  })
} finally {
  server.kill()
}
