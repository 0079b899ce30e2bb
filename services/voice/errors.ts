/** Every error that voice can return over HTTP. docs/errors.md is generated from it. */
export const ERRORS = {
  VOICE_JOURNAL_UNWRITABLE: { status: 503, retry: 'later' },
} as const
