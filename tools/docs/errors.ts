/** Decides how docs/errors.md tells of every registered error: what a caller sees and what to do about it. */
import { ERRORS as CRM } from '@loopline/crm/errors'
import { ERRORS as DIALER } from '@loopline/dialer/errors'
import { COMMON_ERRORS } from '@loopline/http/coded-error'
import type { ErrorRegister, Retry } from '@loopline/http/coded-error'
import { ERRORS as HUB } from '@loopline/hub/errors'
import { ERRORS as VOICE } from '@loopline/voice/errors'
import { code, page, table } from './markdown.ts'

/** Every register in the tree; a test fails when an errors.ts is missing here. */
export const REGISTERS: readonly (readonly [by: string, file: string, ErrorRegister])[] = [
  ['Every service', 'drivers/http/coded-error.ts', COMMON_ERRORS],
  ['hub', 'services/hub/errors.ts', HUB],
  ['crm', 'services/crm/errors.ts', CRM],
  ['dialer', 'services/dialer/errors.ts', DIALER],
  ['voice', 'services/voice/errors.ts', VOICE],
]

const AGAIN: Record<Retry, string> = { 'never': 'no', 'after-change': 'after a change', 'later': 'later, unchanged' }

export function errorsPage(): string {
  const sections = REGISTERS.map(([by, file, register]) => {
    const rows = Object.entries(register).map(([name, { status, retry, message }]) => [code(name), String(status), AGAIN[retry], message ?? inWords(name)])
    return `## ${by}\n${code(file)}\n\n${table(['code', 'status', 'ask again', 'meaning'], rows)}`
  })
  return page('Errors', 'the ERRORS registers of services and drivers/http',
    'A refused request answers `{ "error": { "code", "message", "retry", "details", "requestId" } }` (contracts/error.ts). Decide by `code`; ' +
      '`message` is for people and may be reworded. A 409 of a write that named an old version carries the current row in `details`. ' +
      'Why a call was not placed or how it ended is no error but a reason: engines/gate/reasons.ts, engines/outcome/reasons.ts.',
    ...sections)
}

function inWords(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
