/**
 * Why a transfer failed. offline: not signed on, or his telephone is not connected · busy: on a call, or at his notes · not-ready: on a
 * break · nobody-ready: no one of those asked for · no-answer: not within the time · declined · leg-lost: a telephone was lost
 * meanwhile · customer-gone: the person hung up · announcing: the recording is still being announced to the person.
 */
export const TRANSFER_FAILURES = ['offline', 'busy', 'not-ready', 'nobody-ready', 'no-answer', 'declined', 'leg-lost', 'customer-gone', 'announcing'] as const
export type TransferFailure = (typeof TRANSFER_FAILURES)[number]
