import { errorsOf } from '@loopline/http/coded-error'
import type { ErrorRegister } from '@loopline/http/coded-error'

/** Every error that hub adds to the common ones. */
export const ERRORS = {
  SIGN_IN_FAILED: { status: 401, retry: 'after-change', message: 'Name or password is wrong.' },
  SIGN_IN_LOCKED: { status: 429, retry: 'later', message: 'Too many wrong passwords for this name; wait before the next try.' },
  SECOND_FACTOR_FAILED: { status: 401, retry: 'after-change', message: 'The code is wrong.' },
  SECOND_FACTOR_EXPIRED: { status: 401, retry: 'after-change', message: 'Too much time passed or too many codes were wrong: begin again with name and password.' },
  SECOND_FACTOR_IN_USE: { status: 409, retry: 'after-change', message: 'There is a second factor already: remove it first.' },
  SESSION_NOT_FOUND: { status: 404, retry: 'never' },
  PASSWORD_REFUSED: { status: 422, retry: 'after-change', message: 'The present password is wrong, or the new one is too short.' },
  ORIGIN_REFUSED: { status: 403, retry: 'never', message: 'This request comes from a page of another origin.' },
  SETUP_LINK_INVALID: { status: 410, retry: 'never', message: 'This set-up link was used, has expired, or never was one.' },
  USERNAME_TAKEN: { status: 409, retry: 'after-change', message: 'Somebody has this user name already.' },
  USER_NOT_FOUND: { status: 404, retry: 'never' },
  LAST_ADMIN: { status: 409, retry: 'after-change', message: 'The last active admin stays an active admin.' },
  SETTING_NOT_FOUND: { status: 404, retry: 'never' },
  LAW_PACK_ZONE_UNKNOWN: { status: 422, retry: 'after-change', message: 'A pack names a time zone that does not exist; details name it.' },
  CALLEE_CLOCK_FIXED: { status: 403, retry: 'never', message: 'The callee clock can be set in the demo and in tests only.' },
  API_KEY_NOT_FOUND: { status: 404, retry: 'never' },
  AUDIT_UNAVAILABLE: { status: 503, retry: 'later', message: 'The act was refused because it could not be audited.' },
  WEBHOOK_NOT_FOUND: { status: 404, retry: 'never' },
  WEBHOOK_TARGET_REFUSED: { status: 422, retry: 'after-change', message: 'Webhooks go to public https addresses only.' },
} as const satisfies ErrorRegister

/** `throw hubError('SIGN_IN_FAILED')` */
export const hubError = errorsOf(ERRORS)
