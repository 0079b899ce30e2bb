/** Whether asking again helps: never · after the caller changed something · later, unchanged. */
export type Retry = 'never' | 'after-change' | 'later'

export interface ErrorSpec {
  readonly status: number
  readonly retry: Retry
  /** What happened and what to do, for a person; the code in words when absent. Never holds data of a customer. */
  readonly message?: string
}

/** A service's `ERRORS`: every code it can answer. docs/errors.md is generated from it. */
export type ErrorRegister = Readonly<Record<string, ErrorSpec>>

/** An operating error with a registered code. A 409 carries the current row in `details`. */
export class CodedError extends Error {
  override readonly name = 'CodedError'
  readonly code: string
  readonly status: number
  readonly retry: Retry
  readonly details: unknown
  constructor(code: string, spec: ErrorSpec, details?: unknown) {
    super(spec.message ?? code.toLowerCase().replaceAll('_', ' '))
    this.code = code
    this.status = spec.status
    this.retry = spec.retry
    this.details = details
  }
}

/**
 * The throwable errors of a register, by code: `const failed = errorsOf(ERRORS)`, then
 * `throw failed('CAMPAIGN_NOT_FOUND', { campaignId })`. An unregistered code does not compile.
 */
export function errorsOf<Register extends ErrorRegister>(register: Register): (code: keyof Register & string, details?: unknown) => CodedError {
  return (code, details) => new CodedError(code, register[code] as ErrorSpec, details)
}

/** Errors any service can answer. */
export const COMMON_ERRORS = {
  INVALID_REQUEST: { status: 400, retry: 'after-change', message: 'The request does not have the documented form; details name the fields.' },
  UNAUTHENTICATED: { status: 401, retry: 'after-change', message: 'Sign in first.' },
  FORBIDDEN: { status: 403, retry: 'never', message: 'Your role does not allow this.' },
  NOT_FOUND: { status: 404, retry: 'never', message: 'There is nothing at this address, or you may not see it.' },
  METHOD_NOT_ALLOWED: { status: 405, retry: 'never' },
  VERSION_CONFLICT: { status: 409, retry: 'after-change', message: 'Somebody changed this meanwhile; details hold the current row.' },
  BODY_TOO_LARGE: { status: 413, retry: 'after-change', message: 'The body is larger than this address takes.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, retry: 'after-change' },
  TOO_MANY_REQUESTS: { status: 429, retry: 'later' },
  INTERNAL: { status: 500, retry: 'later', message: 'Something broke on our side; it is logged under the request id.' },
  OVERLOADED: { status: 503, retry: 'later', message: 'Too much to do at the moment; try again in a second.' },
  TIMED_OUT: { status: 503, retry: 'later', message: 'This took too long and was given up.' },
  SHUTTING_DOWN: { status: 503, retry: 'later' },
  SERVICE_UNAVAILABLE: { status: 503, retry: 'later', message: 'A part of the system does not answer; try again.' },
  DATABASE_UNAVAILABLE: { status: 503, retry: 'later', message: 'The database does not answer; nothing was changed.' },
  DATABASE_BUSY: { status: 503, retry: 'later', message: 'The database is busy; nothing was changed.' },
  CONNECTION_LOST: { status: 503, retry: 'later', message: 'The database connection broke; look before you repeat a change.' },
  COMMIT_UNKNOWN: { status: 503, retry: 'later', message: 'It is not known whether the change was kept; look before you repeat it.' },
  TRANSACTION_ABORTED: { status: 503, retry: 'later', message: 'The change was not made; try again.' },
} as const satisfies ErrorRegister

/** Throws one of the common errors: `throw failed('FORBIDDEN')`. */
export const failed = errorsOf(COMMON_ERRORS)
