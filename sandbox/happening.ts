/**
 * What happens at the called end, before any carrier puts it into SIP. `postDialMs`: from INVITE to the first sign of the
 * phone (paging a mobile takes seconds). All times are ms.
 */
export type Happening = { readonly postDialMs: number } & (
  /** `talkMs`: when the callee hangs up; null leaves it to the caller. */
  | { readonly kind: 'answers'; readonly ringMs: number; readonly talkMs: number | null }
  | { readonly kind: 'rejects'; readonly ringMs: number }
  /** Nobody picks up; `ringMs` is when the network gives up, if the caller does not before. */
  | { readonly kind: 'rings-out'; readonly ringMs: number }
  | { readonly kind: 'busy' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'powered-off' }
  | { readonly kind: 'out-of-reach' }
  | { readonly kind: 'network-fault' }
)

export type HappeningKind = Happening['kind']

/** What the network would say aloud: 空号 · 停机 · 关机 · 无法接通 · 正在通话中 · 无人接听 · ring-back (彩铃). */
export type Announcement = 'invalid-number' | 'suspended' | 'powered-off' | 'unreachable' | 'busy' | 'no-answer' | 'ring-back'
