import { errorsOf } from '@loopline/http/coded-error'
import type { ErrorRegister } from '@loopline/http/coded-error'

/** Every error that crm can return beside the common ones. docs/errors.md is generated from it. */
export const ERRORS = {
  CUSTOMER_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such customer, or it is not yours to see.' },
  PHONE_NOT_FOUND: { status: 404, retry: 'never', message: 'The customer has no such phone.' },
  PHONE_INVALID: { status: 422, retry: 'after-change', message: 'This is not a telephone number; details name its place in the list.' },
  PHONE_TAKEN: { status: 409, retry: 'after-change', message: 'Another customer has this number; details name its place in the list.' },
  TIME_ZONE_UNKNOWN: { status: 422, retry: 'after-change', message: 'The time zone is not an IANA name, such as Asia/Shanghai.' },
  OWNER_UNKNOWN: { status: 422, retry: 'after-change', message: 'There is no active person with this id to own the customer.' },
  CONDITION_INVALID: { status: 422, retry: 'after-change', message: 'The condition cannot be read; details name each fault and its place.' },
  CURSOR_INVALID: { status: 400, retry: 'after-change', message: 'The cursor belongs to another list; begin again without it.' },
  AUDIT_UNAVAILABLE: { status: 503, retry: 'later', message: 'The audit cannot be written now, and without it nothing is revealed.' },
  RULE_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such rule.' },
  IMPORT_NOT_FOUND: { status: 404, retry: 'never', message: 'There is no such import.' },
  IMPORT_FILE_MISSING: { status: 400, retry: 'after-change', message: 'Send the file as multipart/form-data, in a field named file.' },
  IMPORT_FILE_TOO_LARGE: { status: 413, retry: 'after-change', message: 'The file is larger than an import takes.' },
  IMPORT_OPTIONS_INVALID: { status: 422, retry: 'after-change', message: 'The import options do not have the documented form; details name the fields.' },
  IMPORT_FILE_UNREADABLE: { status: 422, retry: 'after-change', message: 'The file is not CSV in UTF-8 or GB18030.' },
} as const satisfies ErrorRegister

/** Throws one of them: `throw crmError('CUSTOMER_NOT_FOUND')`. */
export const crmError = errorsOf(ERRORS)
