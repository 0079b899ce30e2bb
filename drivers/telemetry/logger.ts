import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { maskPhonesInJson } from './mask-phones.ts'

export type { Logger } from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const SECRETS = ['authorization', 'cookie', 'set-cookie', 'password', 'token', 'secret', 'apiKey']
const REDACTED_PATHS = SECRETS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.headers["${name}"]`])

/**
 * A structured logger: one JSON object a line, on standard output unless a destination is given.
 *
 * No telephone number passes: the finished line is searched, so that messages, fields, error texts, stacks and whatever a
 * library logs are all covered. Line breaks and escape characters in values stay escaped by JSON (no forged lines).
 */
export function createLogger({ name, level = 'info', destination }: { name: string; level?: LogLevel; destination?: DestinationStream }): Logger {
  const options = {
    name,
    level,
    base: { name, pid: process.pid },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    hooks: { streamWrite: maskPhonesInJson },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** A logger that writes nowhere, for tests. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' })
}
