import type { KeyObject } from 'node:crypto'
import type { ZodType } from 'zod'
import { CodedError, failed } from './coded-error.ts'
import type { Retry } from './coded-error.ts'
import { TOKEN_SECONDS, serviceToken } from './identity-token.ts'

export interface ServiceCall<Result> {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  /** The answer is checked against it; without it the answer is not read. */
  answer?: ZodType<Result>
  timeoutMs?: number
  signal?: AbortSignal
}

/** Calls another service of ours with a token of its own. Connections are kept alive (Node's fetch). */
export interface ServiceClient {
  /** @throws CodedError the code that the other service answered; SERVICE_UNAVAILABLE when it cannot be reached or is late */
  call<Result>(path: string, request?: ServiceCall<Result>): Promise<Result>
  /** An NDJSON answer, one parsed line at a time; reading slowly holds the sender back. */
  lines(path: string, request?: Omit<ServiceCall<unknown>, 'answer'>): AsyncGenerator<unknown, void, void>
}

const TIMEOUT_MS = 5_000
/** A line holds one customer or one event; more than this is no line of ours. */
const LINE_BYTES_MAX = 4_194_304

/** A client for the service at `baseUrl` (`http://127.0.0.1:4102`), acting as `service:<name>`. */
export function createServiceClient({ baseUrl, identityKey, name }: { baseUrl: string; identityKey: KeyObject; name: string }): ServiceClient {
  const token = tokenSource(identityKey, name)

  const send = async (path: string, request: ServiceCall<unknown>, signal: AbortSignal): Promise<Response> => {
    const headers: Record<string, string> = { authorization: `Bearer ${await token()}` }
    if (request.body !== undefined) headers['content-type'] = 'application/json'
    const body = request.body === undefined ? null : JSON.stringify(request.body)
    const response = await fetch(new URL(path, baseUrl), { method: request.method ?? 'GET', headers, body, signal, redirect: 'error' })
      .catch((error: unknown) => { throw unreachableService(error, path) })
    if (!response.ok) throw await refusal(response)
    return response
  }

  return {
    async call<Result>(path: string, request: ServiceCall<Result> = {}) {
      const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS)
      const response = await send(path, request, request.signal ? AbortSignal.any([timeout, request.signal]) : timeout)
      if (!request.answer) {
        await response.body?.cancel()
        return undefined as Result
      }
      return request.answer.parse(await response.json().catch((error: unknown) => { throw unreachableService(error, path) }))
    },
    async *lines(path, request = {}) {
      const timeout = AbortSignal.timeout(request.timeoutMs ?? 600_000)
      const response = await send(path, request, request.signal ? AbortSignal.any([timeout, request.signal]) : timeout)
      yield* ndjson(response)
    },
  }
}

async function* ndjson(response: Response): AsyncGenerator<unknown, void, void> {
  if (!response.body) return
  let rest = ''
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    if (rest.length > LINE_BYTES_MAX) throw failed('SERVICE_UNAVAILABLE', { because: 'a line is too long' })
    for (const line of lines) if (line !== '') yield JSON.parse(line)
  }
  if (rest !== '') yield JSON.parse(rest)
}

/** One token for half its life, so that none expires on the way. */
function tokenSource(key: KeyObject, name: string): () => Promise<string> {
  let current: Promise<string> | null = null
  let renewAt = 0
  return () => {
    if (current === null || performance.now() >= renewAt) {
      current = serviceToken(key, name)
      renewAt = performance.now() + TOKEN_SECONDS * 500
    }
    return current
  }
}

function unreachableService(error: unknown, path: string): CodedError {
  const because = error instanceof Error ? error.name : 'unknown'
  const coded = failed('SERVICE_UNAVAILABLE', { path: path.split('?')[0], because })
  coded.cause = error
  return coded
}

async function refusal(response: Response): Promise<CodedError> {
  const body = (await response.json().catch(() => null)) as { error?: { code?: string; message?: string; retry?: Retry; details?: unknown } } | null
  const { code, message, retry, details } = body?.error ?? {}
  if (!code) return failed('SERVICE_UNAVAILABLE', { status: response.status })
  return new CodedError(code, { status: response.status, retry: retry ?? 'later', ...(message ? { message } : {}) }, details)
}
