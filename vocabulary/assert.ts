/** A broken assumption of our own: never caught, never shown to a user; the process crashes and restarts. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** States what the code below relies on. Bad input is not an assertion: it is an error with a code. */
export function assert(condition: unknown, because: string): asserts condition {
  if (!condition) throw new AssertionError(because)
}
