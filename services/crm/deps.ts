import type { Clock } from '@loopline/clock/clock'
import type { Identity } from '@loopline/http/identity-token'
import type { Scope } from '@loopline/http/permission'
import type { Keyring } from '@loopline/keys/keyring'
import type { Database } from '@loopline/postgres/queryable'
import type { Notifier } from '@loopline/postgres/notify'
import type { Logger } from '@loopline/telemetry/logger'
import type { CustomerId } from '@loopline/vocabulary/ids'
import type { CompiledBook } from './rule/rule-book.ts'

/** One act of a person or key, for hub's audit trail. */
export interface AuditEntry {
  actorId: string
  actorName: string
  action: string
  subject: string
  details: Record<string, unknown>
}

/** What every use case of crm may need from outside. */
export interface Deps {
  readonly db: Database
  readonly keys: Keyring
  readonly clock: Clock
  readonly log: Logger
  /** Wakes the relay of the outbox after commits. */
  readonly notifier: Notifier
  /** A demo: everybody who is made or imported here is a sandbox person, and no real telephone can ever ring. */
  readonly sandbox?: boolean
  /** The rules in force, compiled. */
  readonly book: CompiledBook
  /** Resolves when the entry is committed at hub; rejects when it is not. */
  readonly audit: (entry: AuditEntry) => Promise<void>
  /** Whether this agent serves this customer now, or did a moment ago; absent where no dialer is. */
  readonly serves?: (agentId: string, customerId: CustomerId) => Promise<boolean>
}

/** Who asks, and whose rows the asked action may touch. */
export interface Actor {
  readonly identity: Identity
  readonly scope: Scope
  /** The customer on the actor's line, whoever owns it (served.ts). */
  readonly serves?: CustomerId
}
