import type { CustomerId } from '@loopline/vocabulary/ids'
import type { PreparedRow } from './prepare-row.ts'
import type { ImportedRow } from './read-row.ts'

/** A row whose number belongs to a customer who is there already. */
export interface Duplicate {
  customerId: CustomerId
  from: ImportedRow
}

export interface BatchPlan {
  created: PreparedRow[]
  duplicates: Duplicate[]
}

/**
 * Makes one row of those in a batch that share a number: by the policy the later one is left out, fills the earlier one's
 * empty fields, or overwrites what it names. Returns the rows that remain and how many went.
 */
export function foldBatch(rows: readonly ImportedRow[], policy: 'skip' | 'fill' | 'overwrite'): { rows: ImportedRow[]; folded: number } {
  const byPhone = new Map<string, ImportedRow>()
  const kept: ImportedRow[] = []
  for (const row of rows) {
    const earlier = row.phones.map((phone) => byPhone.get(phone)).find((other) => other !== undefined)
    if (!earlier) {
      kept.push(row)
      for (const phone of row.phones) byPhone.set(phone, row)
    } else if (policy !== 'skip') fold(earlier, row, policy)
  }
  return { rows: kept, folded: rows.length - kept.length }
}

function fold(into: ImportedRow, from: ImportedRow, policy: 'fill' | 'overwrite'): void {
  const { name, number: _number, phones: _phones, ...fields } = from
  for (const [key, value] of Object.entries(fields)) {
    const target = into as unknown as Record<string, unknown>
    if (value !== null && (policy === 'overwrite' || target[key] === null)) target[key] = value
  }
  if (policy === 'overwrite') into.name = name
}

/** Tells new customers from rows about known ones. `owners`: who has which number, by blind index in hex. */
export function planBatch(rows: readonly PreparedRow[], owners: ReadonlyMap<string, CustomerId>): BatchPlan {
  const plan: BatchPlan = { created: [], duplicates: [] }
  if (owners.size === 0) return { ...plan, created: [...rows] }
  for (const row of rows) {
    const hex = row.blindHex.find((index) => owners.has(index))
    if (hex === undefined) plan.created.push(row)
    else plan.duplicates.push({ customerId: owners.get(hex) as CustomerId, from: row.from })
  }
  return plan
}
