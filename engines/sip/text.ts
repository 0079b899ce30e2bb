/**
 * Wire text: a string in which one character is one byte, 0..255. The driver decodes a datagram as latin1 and encodes what
 * we send as latin1. So lengths are bytes (Content-Length is `length`), slicing never splits a character we look at, all SIP
 * syntax is ASCII anyway, and V8 keeps such strings at one byte per character. Text for people passes through here.
 */

/** Unicode text as wire text (its UTF-8 bytes, one per character). Unpaired surrogates become U+FFFD. */
export function toWireText(unicode: string): string {
  if (/^[\x00-\x7f]*$/.test(unicode)) return unicode
  let bytes = ''
  for (const character of unicode) bytes += utf8Of(character.codePointAt(0) as number)
  return bytes
}

function utf8Of(point: number): string {
  if (point >= 0xd800 && point <= 0xdfff) return utf8Of(0xfffd)
  if (point < 0x80) return String.fromCharCode(point)
  if (point < 0x800) return String.fromCharCode(0xc0 | (point >> 6), tail(point))
  if (point < 0x10000) return String.fromCharCode(0xe0 | (point >> 12), tail(point >> 6), tail(point))
  return String.fromCharCode(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point))
}

const tail = (bits: number): number => 0x80 | (bits & 0x3f)

/** Well-formed UTF-8 only: no overlong forms, no surrogates, nothing above U+10FFFF (RFC 3629 §4). */
const UTF8_SEQUENCE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g

/** Wire text as Unicode. Bytes that are not UTF-8 become U+FFFD, one each; never throws. */
export function fromWireText(bytes: string): string {
  return bytes.replace(UTF8_SEQUENCE, decodeSequence)
}

function decodeSequence(sequence: string): string {
  const byte = (index: number): number => sequence.charCodeAt(index)
  const low = (index: number): number => byte(index) & 0x3f
  switch (sequence.length) {
    case 2: return String.fromCharCode(((byte(0) & 0x1f) << 6) | low(1))
    case 3: return String.fromCharCode(((byte(0) & 0x0f) << 12) | (low(1) << 6) | low(2))
    case 4: return String.fromCodePoint(((byte(0) & 0x07) << 18) | (low(1) << 12) | (low(2) << 6) | low(3))
    default: return '\ufffd'
  }
}
