/** A transport address as the socket gives it. */
export interface Address {
  readonly host: string
  readonly port: number
}

export const sameAddress = (a: Address, b: Address): boolean => a.port === b.port && a.host === b.host

/** The 4 or 16 bytes of an address in text; null when it is none. IPv4 within IPv6 (`::ffff:192.0.2.1`) is IPv4. */
export function addressBytes(host: string): Uint8Array | null {
  if (!host.includes(':')) return ipv4Bytes(host)
  const zoneless = host.replace(/%.*$/, '')
  const mapped = /^::ffff:([\d.]+)$/i.exec(zoneless)
  return mapped === null ? ipv6Bytes(zoneless) : ipv4Bytes(mapped[1] as string)
}

function ipv4Bytes(text: string): Uint8Array | null {
  const parts = text.split('.')
  const isAddress = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
  return isAddress ? Uint8Array.from(parts, Number) : null
}

function ipv6Bytes(text: string): Uint8Array | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const zeros = 8 - head.length - tail.length
  if (halves.length === 1 ? zeros !== 0 : zeros < 1) return null
  const groups = [...head, ...Array.from({ length: zeros }, () => '0'), ...tail]
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null
  return Uint8Array.from(groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]))
}
