import { CopyRows } from '@loopline/postgres/copy-binary'

/** The tables of a new customer, in the order in which they are copied: what may fail comes first, so that little is undone. */
export const TABLES = ['phoneIndex', 'customer', 'phone', 'consent', 'search'] as const
export type Table = (typeof TABLES)[number]

/** Rows of a batch for each table, ready for COPY, should its customers turn out to be new. */
export type BatchRows = Readonly<Record<Table, CopyRows>>

export function newBatchRows(): BatchRows {
  return { phoneIndex: new CopyRows(), customer: new CopyRows(), phone: new CopyRows(), consent: new CopyRows(), search: new CopyRows() }
}

export function clearRows(rows: BatchRows): void {
  for (const table of TABLES) rows[table].clear()
}

/** The ends of all tables now, in the order of `TABLES`: what stands between two such looks is one customer's. */
export function endsOf({ phoneIndex, customer, phone, consent, search }: BatchRows): number[] {
  return [phoneIndex.end, customer.end, phone.end, consent.end, search.end]
}
