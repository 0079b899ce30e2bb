import createClient, { type Middleware } from 'openapi-fetch'
import type { ErrorBody } from '@loopline/contracts/error'
import type { paths } from './schema'

/** A refused or failed request: what happened, by code; `details` of a 409 is the current row. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly details: unknown
  constructor(status: number, body: ErrorBody['error']) {
    super(body.message)
    this.code = body.code
    this.status = status
    this.details = body.details
  }
}

const throwRefusals: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined
    const text = await response.clone().text()
    throw new ApiError(response.status, bodyOf(text, response.status))
  },
  onError() {
    return new ApiError(0, { code: 'OFFLINE', message: 'The server cannot be reached.', retry: 'later', requestId: '' })
  },
}

function bodyOf(text: string, status: number): ErrorBody['error'] {
  try {
    const parsed = JSON.parse(text) as Partial<ErrorBody> & { code?: string; message?: string }
    if (parsed.error) return parsed.error
    if (parsed.code) return { code: parsed.code, message: parsed.message ?? parsed.code, retry: 'never', requestId: '' }
  } catch {
    // not ours: told by its status below
  }
  return { code: `HTTP_${status}`, message: `The server answered ${status}.`, retry: 'later', requestId: '' }
}

/** The typed client over the merged OpenAPI document of all services (`src/api/schema.d.ts`, generated). */
export const api = createClient<paths>({ baseUrl: location.origin })
api.use(throwRefusals)
