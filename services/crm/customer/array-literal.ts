/** An array as PostgreSQL writes it, to travel inside an array parameter: unnest would flatten arrays of arrays. */
export function arrayLiteral(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`).join(',')}}`
}
