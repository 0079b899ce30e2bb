/** Methods with a registered meaning: one of these that we do not serve is 405, any other is 501 (RFC 3261 §8.2.1, §21.5.2). */
const REGISTERED = [
  'INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'UPDATE', 'INFO', 'PRACK', 'SUBSCRIBE', 'NOTIFY', 'REFER',
  'MESSAGE', 'PUBLISH',
] as const

const KNOWN: ReadonlySet<string> = new Set(REGISTERED)

/** Method names are case-sensitive (RFC 3261 §7.1): `invite` is an unknown method. */
export function isKnownMethod(method: string): boolean {
  return KNOWN.has(method)
}

/** What we serve inside a dialog. Nothing that can subscribe, transfer or send text (threat 4: no method we do not need). */
export const ALLOWED_METHODS = ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'UPDATE', 'INFO'] as const

/** The value of our Allow header. */
export const ALLOW = ALLOWED_METHODS.join(', ')
