/** Why the embedded server cannot run. The message is one sentence for a person and says what to do. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError'
  readonly code: 'EMBEDDED_UNSUPPORTED' | 'EMBEDDED_IN_USE' | 'EMBEDDED_NOT_OURS' | 'EMBEDDED_FAILED'
  constructor(code: EmbeddedError['code'], message: string) {
    super(message)
    this.code = code
  }
}
