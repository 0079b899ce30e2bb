/** Whether a value may hold more than one list element. */
export function hasComma(value: string): boolean {
  return value.includes(',')
}

/** Elements of a comma-separated value, trimmed; commas inside quotes and angle brackets do not separate. Empty ones are dropped. */
export function splitList(value: string): string[] {
  return splitOutside(value, ',').map((element) => element.trim()).filter((element) => element !== '')
}

/**
 * Cuts at each separator that stands outside quoted strings and angle brackets. An unclosed quote or bracket runs to the
 * end, so nothing behind it can pass for an element of its own.
 */
export function splitOutside(value: string, separator: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < value.length; at++) {
    const character = value[at]
    if (character === '"') at = endOfQuoted(value, at)
    else if (character === '<') at = endOfBracket(value, at)
    else if (character === separator) {
      parts.push(value.slice(start, at))
      start = at + 1
    }
  }
  parts.push(value.slice(start))
  return parts
}

/** Index of the closing quote for the opening one at `at`; the length when it never closes (then the value is malformed). */
export function endOfQuoted(value: string, at: number): number {
  for (let index = at + 1; index < value.length; index++) {
    if (value[index] === '\\') index++
    else if (value[index] === '"') return index
  }
  return value.length
}

function endOfBracket(value: string, at: number): number {
  const end = value.indexOf('>', at)
  return end < 0 ? value.length : end
}
