/** What a datagram on the port for browsers is, by its first byte (RFC 7983 §7), RTCP by its payload type (RFC 5761 §4). */
export type DatagramKind = 'stun' | 'dtls' | 'srtp' | 'srtcp' | 'unknown'

export function kindOf(datagram: Uint8Array): DatagramKind {
  const first = datagram[0]
  if (first === undefined) return 'unknown'
  if (first < 4) return 'stun'
  if (first >= 20 && first < 64) return 'dtls'
  if (first < 128 || first > 191 || datagram.length < 2) return 'unknown'
  const payloadType = (datagram[1] as number) & 0x7f
  return payloadType >= 64 && payloadType < 96 ? 'srtcp' : 'srtp'
}
