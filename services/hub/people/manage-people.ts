import type { Actor } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { createUser } from './create-user.ts'
import type { NewUser } from './create-user.ts'
import { editUser } from './edit-user.ts'
import type { EditUser } from './edit-user.ts'
import { findUser, listUsers } from './user.sql.ts'
import type { UserRow } from './user.sql.ts'

/** Everybody, by name. */
export const everybody = (deps: Pick<Deps, 'db'>): Promise<UserRow[]> => listUsers(deps.db)

/** @throws CodedError USER_NOT_FOUND */
export async function person(deps: Pick<Deps, 'db'>, userId: string): Promise<UserRow> {
  const found = await findUser(deps.db, userId)
  if (!found) throw hubError('USER_NOT_FOUND')
  return found
}

/** An admin adds a person. @throws CodedError USERNAME_TAKEN */
export async function addPerson(deps: Deps, actor: Actor, user: NewUser): Promise<UserRow> {
  const added = await person(deps, await createUser(deps, user))
  await deps.audit.record({ ...actor, action: 'create-user', subject: `user:${added.userId}`, details: rightsOf(added) })
  return added
}

/** An admin changes a person. @throws CodedError as editUser */
export async function changePerson(deps: Deps, actor: Actor, edit: EditUser): Promise<UserRow> {
  const saved = await editUser(deps, edit)
  await deps.audit.record({ ...actor, action: 'edit-user', subject: `user:${saved.userId}`, details: rightsOf(saved) })
  return saved
}

const rightsOf = ({ role, teamName, skills, active }: UserRow): Record<string, unknown> => ({ role, teamName, skills, active })
