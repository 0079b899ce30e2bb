import { fragment } from '@loopline/postgres/sql'
import type { SqlText } from '@loopline/postgres/sql'
import { isId } from '@loopline/vocabulary/ids'
import type { Actor } from '../deps.ts'

/** The rows of `crm.customer c` that the actor may touch, as a condition. Missing knowledge means none. */
export function scopeSql({ identity, scope }: Actor): SqlText {
  switch (scope) {
    case 'all': return fragment`true`
    case 'team': return identity.teamId === null ? fragment`false` : fragment`c.team_id = ${identity.teamId}::uuid`
    case 'own': return isId(identity.sub) ? fragment`c.owner_id = ${identity.sub}::uuid` : fragment`false`
  }
}

/** The same question of one row. */
export function inScope({ identity, scope }: Actor, row: { ownerId: string | null; teamId: string | null }): boolean {
  switch (scope) {
    case 'all': return true
    case 'team': return identity.teamId !== null && row.teamId === identity.teamId
    case 'own': return row.ownerId === identity.sub
  }
}
