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
    throw await refusalOf(response)
  },
  onError: ({ error }) => (isAborted(error) ? error : offline()),
}

/** The refusal that an answer other than 2xx stands for. */
export async function refusalOf(response: Response): Promise<ApiError> {
  return new ApiError(response.status, bodyOf(await response.clone().text(), response.status))
}

export const offline = (): ApiError => new ApiError(0, { code: 'OFFLINE', message: 'The server cannot be reached.', retry: 'later', requestId: '' })

const isAborted = (error: unknown): error is Error => error instanceof Error && error.name === 'AbortError'

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
