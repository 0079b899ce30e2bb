import type { TeamId, UserId } from '@loopline/vocabulary/ids'
import type { UserChanged } from '@loopline/contracts/setting-event'
import { newId } from '@loopline/clock/new-id'
import { makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import { isUniqueViolation } from '@loopline/postgres/errors'
import type { Transaction } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { findByUsername, findUser, insertPassword, insertUser, teamNamed } from './user.sql.ts'
import type { UserRow } from './user.sql.ts'

export interface NewUser {
  /** Lower case letters, digits, dots and underscores. */
  username: string
  name: string
  password: string
  role: UserRow['role']
  /** Made when it does not exist. */
  teamName?: string | null
  skills?: string[]
}

type UserDeps = Pick<Deps, 'db' | 'signOn' | 'notifier' | 'clock'>

/**
 * Adds a person and announces him; both happen or neither does.
 * @throws CodedError USERNAME_TAKEN
 */
export async function createUser(deps: UserDeps, user: NewUser): Promise<UserId> {
  const hash = await deps.signOn.hashPassword(user.password)
  return inTransaction(deps.db, (transaction) => addUser(deps, transaction, user, hash)).catch((error: unknown) => {
    if (isUniqueViolation(error, 'hub.user')) throw hubError('USERNAME_TAKEN')
    throw error
  })
}

/** The same inside a transaction of the caller, the password hashed already. */
export async function addUser(deps: UserDeps, transaction: Transaction, user: NewUser, passwordHash: string): Promise<UserId> {
  const userId = newId<UserId>()
  const teamId = user.teamName ? await teamNamed(transaction, user.teamName, newId<TeamId>()) : null
  await insertUser(transaction, { userId, teamId, username: user.username.toLowerCase(), name: user.name, role: user.role, skills: user.skills ?? [] })
  await insertPassword(transaction, newId(), userId, passwordHash)
  await publish(transaction, deps.notifier, [userChanged((await findUser(transaction, userId)) as UserRow, deps.clock.now())])
  return userId
}

/** The person of this user name, made when there is none: for the demo, which starts many times on one database. */
export async function ensureUser(deps: UserDeps, user: NewUser): Promise<UserId> {
  const known = await findByUsername(deps.db, user.username.toLowerCase())
  return known?.userId ?? createUser(deps, user)
}

export function userChanged(user: UserRow, time: number): OutboxEvent {
  const { userId, version, name, role, teamId, skills, active } = user
  return makeEvent<UserChanged>({ type: 'hub.user.changed', subject: userId, sequence: version, time, data: { userId, version, name, role, teamId, skills, active } })
}
