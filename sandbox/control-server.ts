import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CallerRecord, Wish } from './calling-back/callers.ts'
import { readWish } from './calling-back/read-wish.ts'
import type { Peer } from './network.ts'
import { WELL_BEHAVED, readMisbehaviour } from './misbehaviour.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import { readSettings } from './settings.ts'
import type { CarrierSettings } from './settings.ts'
import { TEST_NUMBERS } from './test-numbers.ts'

/** What the control port shows and turns. */
export interface Controls {
  readonly settings: Readonly<CarrierSettings>
  readonly misbehaviour: Readonly<Misbehaviour>
  readonly change: (settings: Partial<CarrierSettings>) => void
  readonly misbehave: (misbehaviour: Partial<Misbehaviour>) => Promise<void>
  readonly statistics: () => unknown
  readonly openCalls: () => readonly unknown[]
  readonly callIn: (wish: Wish) => CallerRecord
  readonly callsIn: () => readonly CallerRecord[]
  /** The line that was heard of last. */
  readonly heardLast: () => Peer | null
}

export interface ControlServer {
  readonly port: number
  readonly close: () => Promise<void>
}

const BODY_MAX = 10_000
const CALLS_MAX = 10_000

type Answer = { readonly status: number; readonly body: unknown }
type Handler = (controls: Controls, body: unknown) => Answer | Promise<Answer>

const ok = (body: unknown): Answer => ({ status: 200, body })
const bad = (problem: string): Answer => ({ status: 400, body: { error: problem } })

const ROUTES: Readonly<Record<string, Handler>> = {
  'GET /health': () => ok({ status: 'up' }),
  'GET /stats': (controls) => ok(controls.statistics()),
  'GET /calls': (controls) => {
    const open = controls.openCalls()
    return ok({ open: open.length, calls: open.slice(0, CALLS_MAX) })
  },
  'GET /calls-in': (controls) => ok({ calls: controls.callsIn() }),
  'POST /calls-in': (controls, body) => {
    const wish = readWish(body, controls.heardLast())
    return typeof wish === 'string' ? bad(wish) : { status: 202, body: controls.callIn(wish) }
  },
  'GET /test-numbers': () => ok(TEST_NUMBERS),
  'GET /settings': (controls) => ok(controls.settings),
  'PUT /settings': (controls, body) => {
    const change = readSettings(body)
    if (typeof change === 'string') return bad(change)
    controls.change(change)
    return ok(controls.settings)
  },
  'GET /misbehaviour': (controls) => ok(controls.misbehaviour),
  'PUT /misbehaviour': async (controls, body) => {
    const change = readMisbehaviour(body)
    if (typeof change === 'string') return bad(change)
    await controls.misbehave(change)
    return ok(controls.misbehaviour)
  },
  'DELETE /misbehaviour': async (controls) => {
    await controls.misbehave(WELL_BEHAVED)
    return ok(controls.misbehaviour)
  },
}

/** HTTP with JSON on the loopback address only: whoever reaches it may break the carrier. */
export function startControlServer(controls: Controls, port: number): Promise<ControlServer> {
  const server = createServer((request, response) => {
    handle(controls, request).then(
      (answer) => reply(response, answer),
      (problem: unknown) => reply(response, { status: 500, body: { error: String(problem) } }),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const close = (): Promise<void> => new Promise((closed) => { server.close(() => closed()); server.closeAllConnections() })
      resolve({ port: (server.address() as AddressInfo).port, close })
    })
  })
}

async function handle(controls: Controls, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '/').split('?')[0] as string
  const handler = ROUTES[`${request.method} ${path}`]
  if (handler === undefined) return { status: 404, body: { error: 'no such thing', routes: Object.keys(ROUTES) } }
  const text = await readText(request)
  if (text === null) return { status: 413, body: { error: 'the body is too long' } }
  try {
    return await handler(controls, text === '' ? {} : (JSON.parse(text) as unknown))
  } catch (problem) {
    if (problem instanceof SyntaxError) return bad('the body is no JSON')
    throw problem
  }
}

async function readText(request: IncomingMessage): Promise<string | null> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > BODY_MAX) return null
  }
  return text
}

function reply(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(`${JSON.stringify(body)}\n`)
}
