import type { Clock } from '@loopline/clock/clock'
import type { Keyring } from '@loopline/keys/keyring'
import type { Notifier } from '@loopline/postgres/notify'
import type { Database } from '@loopline/postgres/queryable'
import type { Logger } from '@loopline/telemetry/logger'
import type { AuditWriter } from './audit/audit-writer.ts'
import type { Authenticator } from './gateway/authenticator.ts'
import type { SignOn } from './sign-on/auth.ts'

/** What the use cases of hub may need from outside. */
export interface Deps {
  readonly db: Database
  readonly keys: Keyring
  readonly clock: Clock
  readonly log: Logger
  readonly notifier: Notifier
  readonly audit: AuditWriter
  readonly signOn: SignOn
  readonly authenticator: Authenticator
}
