/** The body of an answer. Refusals have thrown by then (`client.ts`), so an absent body is a fault of ours. */
export async function answer<Data>(request: Promise<{ data?: Data | undefined }>): Promise<Data> {
  const { data } = await request
  if (data === undefined) throw new Error('the server answered without a body')
  return data
}

/** Without the keys that are undefined: queries with exact optional properties take none. */
export function given<Fields extends object>(fields: Fields): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }
}
