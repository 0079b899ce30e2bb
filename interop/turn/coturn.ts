/** coturn as an operator runs it for us: credentials that end, made of a shared secret; here on this machine and free ports. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Coturn {
  /** For TURN_URLS. */
  readonly url: string
  readonly secret: string
  output(): string
  stop(): Promise<void>
}

/** Its sockets are open before; by then its threads answer too. */
const READY = /UDP listener opened on: 127\.0\.0\.1[^]*DB connection success/

/** @throws when it does not listen within 20 s. */
export async function startCoturn(): Promise<Coturn> {
  const [port, secret] = [await freeUdpPort(), 'a secret of this test']
  const folder = mkdtempSync(join(tmpdir(), 'loopline turn '))
  const child = spawn('turnserver', [
    '-n', '--listening-ip=127.0.0.1', `--listening-port=${port}`, '--relay-ip=127.0.0.1', '--min-port=40000', '--max-port=49000',
    '--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=loopline', '--fingerprint', '--no-cli', '--no-tls', '--no-dtls', '--no-tcp',
    // The loopback is denied by default, as it must be outside a test: voice is there. It is relayed to and nowhere else.
    '--allow-loopback-peers', '--denied-peer-ip=0.0.0.0-255.255.255.255', '--allowed-peer-ip=127.0.0.1', '--log-file=stdout', '--simple-log', '--verbose', `--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'users')}`,
  ], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const listening = new Promise<void>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
      if (READY.test(output)) resolve()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`turnserver ended with ${String(code)}:\n${output}`)))
    setTimeout(() => reject(new Error(`turnserver does not listen:\n${output}`)), 20_000).unref()
  })
  const stop = async (): Promise<void> => {
    await ended(child)
    rmSync(folder, { recursive: true, force: true })
  }
  await listening.catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { url: `turn:127.0.0.1:${port}?transport=udp`, secret, output: () => output, stop }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })
}
