import type { TeamId } from '@loopline/vocabulary/ids'
import { newId } from '@loopline/clock/new-id'
import { publish } from '@loopline/event-log/outbox'
import { failed } from '@loopline/http/coded-error'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { userChanged } from './create-user.ts'
import { countActiveAdmins, deleteSessions, findUser, teamNamed, updateUser } from './user.sql.ts'
import type { UserRow } from './user.sql.ts'

export interface EditUser {
  userId: string
  /** The version that the editor saw. */
  version: number
  name: string
  role: UserRow['role']
  teamName: string | null
  skills: string[]
  active: boolean
}

/**
 * Changes a person and announces it. A changed role or an end of active service acts at once: sessions are looked at
 * again, those of an inactive person are gone.
 *
 * @throws CodedError USER_NOT_FOUND · VERSION_CONFLICT with the current row · LAST_ADMIN
 */
export async function editUser(deps: Deps, edit: EditUser): Promise<UserRow> {
  const saved = await inTransaction(deps.db, async (transaction) => {
    const teamId = edit.teamName === null ? null : await teamNamed(transaction, edit.teamName, newId<TeamId>())
    const before = await findUser(transaction, edit.userId)
    if (!before) throw hubError('USER_NOT_FOUND')
    const losesAdmin = before.role === 'admin' && before.active && (edit.role !== 'admin' || !edit.active)
    if (losesAdmin && (await countActiveAdmins(transaction)) < 2) throw hubError('LAST_ADMIN')
    const { name, role, skills, active, version } = edit
    if (!(await updateUser(transaction, { userId: before.userId, version, name, role, teamId, skills, active }))) throw failed('VERSION_CONFLICT', await findUser(transaction, edit.userId))
    if (!active) await deleteSessions(transaction, edit.userId)
    const after = (await findUser(transaction, edit.userId)) as UserRow
    await publish(transaction, deps.notifier, [userChanged(after, deps.clock.now())])
    return after
  })
  deps.authenticator.endSessionsOf(edit.userId)
  return saved
}
