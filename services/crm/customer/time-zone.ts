import { crmError } from '../errors.ts'

const known = new Map<string, boolean>()

/** Whether this is an IANA zone that both Node and PostgreSQL can compute with. */
export function isTimeZone(name: string): boolean {
  let answer = known.get(name)
  if (answer === undefined) {
    answer = /^[A-Z][\w+-]*(\/[\w+-]+)*$/.test(name) && canFormat(name)
    if (known.size < 1_000) known.set(name, answer)
  }
  return answer
}

/** @throws TIME_ZONE_UNKNOWN */
export function requireTimeZone(name: string | null): string | null {
  if (name !== null && !isTimeZone(name)) throw crmError('TIME_ZONE_UNKNOWN')
  return name
}

/**
 * The zone of a customer nobody gave one for. China keeps one legal time; another country's numbers say too little, and
 * missing knowledge blocks dialling.
 */
export function zoneOfNumber(e164: string): string | null {
  return e164.startsWith('+86') ? 'Asia/Shanghai' : null
}

function canFormat(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
