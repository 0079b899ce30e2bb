import type { CustomerView } from '@loopline/contracts/customer'

/** Fields that are written in place. */
export const EDITABLE = ['name', 'company', 'level', 'status', 'ownerId', 'tags', 'region', 'industry', 'intent', 'neverCall', 'timeZone', 'followUpPausedUntil'] as const
export type EditableField = (typeof EDITABLE)[number]
export type Edit = Partial<Pick<CustomerView, EditableField>>

/** An edit that met somebody else's: what the person saw, wrote, and what stands there now. */
export interface Conflict {
  mine: Edit
  base: CustomerView
  current: CustomerView
}

/** Fields of the edit that somebody else changed as well, to something else. */
export function touched(edit: Edit, base: CustomerView, current: CustomerView): EditableField[] {
  return EDITABLE.filter((field) => field in edit && !same(base[field], current[field]) && !same(edit[field], current[field]))
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
