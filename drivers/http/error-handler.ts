import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { maskPhonesInText } from '@loopline/telemetry/mask-phones'
import { CodedError, failed } from './coded-error.ts'
import type { COMMON_ERRORS } from './coded-error.ts'

type CommonCode = keyof typeof COMMON_ERRORS

const BY_STATUS: Record<number, CommonCode> = {
  401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE', 429: 'TOO_MANY_REQUESTS',
}

const BY_CODE: Record<string, CommonCode> = {
  FST_ERR_HANDLER_TIMEOUT: 'TIMED_OUT',
  DATABASE_UNAVAILABLE: 'DATABASE_UNAVAILABLE', DATABASE_BUSY: 'DATABASE_BUSY', CONNECTION_LOST: 'CONNECTION_LOST',
  COMMIT_UNKNOWN: 'COMMIT_UNKNOWN', TRANSACTION_ABORTED: 'TRANSACTION_ABORTED',
}

/** The error that the caller is told, whatever was thrown. Unknown ones tell nothing of our insides. */
export function toCodedError(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    return failed('INVALID_REQUEST', { issues: error.validation.map((issue) => ({ path: issue.instancePath, message: issue.message })) })
  }
  if (isResponseSerializationError(error)) return failed('INTERNAL')
  const { code, statusCode } = (error ?? {}) as Partial<FastifyError>
  const known = BY_CODE[code ?? ''] ?? BY_STATUS[statusCode ?? 0]
  if (known) return failed(known)
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? failed('INVALID_REQUEST') : failed('INTERNAL')
}

/** The documented body of a refusal. Texts are searched for telephone numbers: a field name can be hostile too. */
export function errorBody(error: CodedError, requestId: string): { error: Record<string, unknown> } {
  const { code, message, retry, details } = error
  const safe = details === undefined ? {} : { details }
  return { error: { code, message: maskPhonesInText(message), retry, ...safe, requestId } }
}

/** Fastify's error handler: logs what is our fault, answers with the code. */
export function handleError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toCodedError(thrown)
  const route = request.routeOptions.url ?? 'unknown route'
  if (error.status === 500) request.log.error({ err: thrown, route }, 'request failed')
  else if (error.status > 500) request.log.warn({ err: thrown, route }, error.code)
  if (error.status === 503 || error.status === 429) void reply.header('retry-after', retryAfterSeconds(error))
  return reply.code(error.status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(errorBody(error, request.id))
}

function retryAfterSeconds(error: CodedError): number {
  const wanted = (error.details as { retryAfterSeconds?: unknown } | undefined)?.retryAfterSeconds
  return typeof wanted === 'number' ? Math.ceil(wanted) : 1
}
