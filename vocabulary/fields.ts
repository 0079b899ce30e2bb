/**
 * A typed catalogue of the fields that conditions may name. It is plain data, so that contracts can publish it, services
 * can compile it and the console can build its editor from it. A field that is not in it cannot be asked for.
 */
export const FIELD_TYPES = ['text', 'choice', 'number', 'boolean', 'timestamp', 'tags', 'id'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

interface InColumn {
  /** The column's bare name in PostgreSQL: lower case, digits, underscore. The only source of names in SQL. */
  readonly column: string
}

/** Free text. Compared byte by byte; declare the column `text collate "C"` so that its indexes serve. */
export interface TextField extends InColumn {
  readonly type: 'text'
}

/** One of a closed list, kept as text. */
export interface ChoiceField extends InColumn {
  readonly type: 'choice'
  readonly values: readonly string[]
}

/** A finite number; any numeric column of at most 53 bits. */
export interface NumberField extends InColumn {
  readonly type: 'number'
}

export interface BooleanField extends InColumn {
  readonly type: 'boolean'
}

/** An instant: `timestamptz` holding whole milliseconds in SQL; in a row milliseconds, a Date or an ISO text. */
export interface TimestampField extends InColumn {
  readonly type: 'timestamp'
  /** Null stands for "never happened" and so is older than any number of days (olderThanDays alone looks at this). */
  readonly nullMeansNever?: boolean
  /** Where the row keeps the IANA zone whose days count; without it the field has no operators about local days. */
  readonly zone?: { readonly key: string; readonly column: string }
}

/** A set of words: `text[]` in SQL, an array of strings in a row. */
export interface TagsField extends InColumn {
  readonly type: 'tags'
}

/** A UUID in lower case. */
export interface IdField extends InColumn {
  readonly type: 'id'
}

export type Field = TextField | ChoiceField | NumberField | BooleanField | TimestampField | TagsField | IdField

/** Field name, as a condition and a row spell it, to what it is. */
export type FieldCatalogue = Readonly<Record<string, Field>>
