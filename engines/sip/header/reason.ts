import { parseParams, quote, unquote } from './params.ts'

/** One Reason value (RFC 3326): why a request was sent, or by RFC 6432 why a response was given. */
export interface Reason {
  /** `Q.850`, `SIP`, … as written. */
  readonly protocol: string
  /** A Q.850 cause (0..127) or a SIP status (100..699); null when absent or out of range. */
  readonly cause: number | null
  readonly text: string
}

/** One Reason value; null when malformed. */
export function parseReason(value: string): Reason | null {
  const semicolon = value.indexOf(';')
  const protocol = (semicolon < 0 ? value : value.slice(0, semicolon)).trim()
  if (!/^[A-Za-z0-9\-.!%*_+`'~]+$/.test(protocol)) return null
  const params = parseParams(semicolon < 0 ? '' : value.slice(semicolon))
  if (params === null) return null
  const cause = params.get('cause') ?? ''
  return { protocol, cause: causeWithin(protocol, cause), text: unquote(params.get('text') ?? '') }
}

function causeWithin(protocol: string, text: string): number | null {
  if (!/^\d{1,3}$/.test(text)) return null
  const cause = Number(text)
  const isQ850 = /^Q\.850$/i.test(protocol)
  return isQ850 ? (cause <= 127 ? cause : null) : cause
}

/** The Q.850 cause among the reasons, or null: what the telephone network said (ITU-T Q.850). */
export function q850CauseOf(reasons: readonly Reason[]): number | null {
  return reasons.find((reason) => /^Q\.850$/i.test(reason.protocol))?.cause ?? null
}

/** The SIP status among the reasons, or null: for instance 200 in a CANCEL, "call completed elsewhere". */
export function sipCauseOf(reasons: readonly Reason[]): number | null {
  return reasons.find((reason) => /^SIP$/i.test(reason.protocol))?.cause ?? null
}

/** A Reason value for the wire, for instance `Q.850;cause=16;text="Normal call clearing"`. */
export function formatReason(reason: Reason): string {
  const cause = reason.cause === null ? '' : `;cause=${reason.cause}`
  const text = reason.text === '' ? '' : `;text=${quote(reason.text)}`
  return `${reason.protocol}${cause}${text}`
}
