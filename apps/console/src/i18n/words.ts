/** The same keys with other texts: what makes the compiler compare the two languages. */
export type Words<Texts> = { [Key in keyof Texts]: Texts[Key] extends string ? string : Words<Texts[Key]> }
