/** Hashes of features: a field (which question) and a code (which answer) become one slot of a table of 2^bits. */

/** FNV-1a over UTF-16 units, mixed: the code of a category. Equal text, equal code, on every machine. `from`, `to`: a part of the text. */
export function codeOf(text: string, from = 0, to = text.length): number {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return mixed(hash)
}

/** The code of two answers together: a cross. Not symmetric, so that (a, b) and (b, a) differ. */
export function crossOf(first: number, second: number): number {
  return mixed(Math.imul(first, 0x9e3779b1) ^ (second + 0x7f4a7c15))
}

/** Where the answer `code` to the question `field` stands in a table of `mask + 1` slots. */
export function slotOf(field: number, code: number, mask: number): number {
  return mixed(Math.imul(field + 1, 0x2c1b3c6d) ^ code) & mask
}

/** David Stafford's mixer (variant 13, cut to 32 bits). */
function mixed(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return x ^ (x >>> 15)
}
