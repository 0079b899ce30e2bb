import type { SourceFile } from './source-tree.ts'

/** One SQL statement of a migration or of a template in a *.sql.ts file. */
export interface SqlStatement {
  path: string
  /** Of its first word. */
  line: number
  /** In lower case, without comments, white space collapsed. */
  text: string
  /** The same with the insides of quoted strings taken out, for rules about words. */
  words: string
}

/** Statements of a migration, or of every template of a TypeScript file. */
export function statementsOf(file: SourceFile): SqlStatement[] {
  const pieces = file.path.endsWith('.sql') ? [{ text: file.text, line: 1 }] : file.templates
  return pieces.flatMap(({ text, line }) => split(text).map((part) => ({
    path: file.path,
    line: line + text.slice(0, part.from).split('\n').length - 1,
    text: part.text.toLowerCase().replace(/\s+/g, ' ').trim(),
    words: part.text.toLowerCase().replace(/'[^']*'/g, "''").replace(/\s+/g, ' ').trim(),
  }))).filter(({ text }) => text !== '')
}

/** Comment, quoted string, quoted name, dollar-quoted body: each is one piece in which a semicolon ends nothing. */
const PIECE = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"[^"]*"|\$([a-z_]\w*)?\$[\s\S]*?\$\1\$|;|[^-/'"$;]+|[\s\S]/gi

function split(sql: string): { from: number; text: string }[] {
  const parts: { from: number; text: string }[] = []
  let current = { from: 0, text: '' }
  for (const match of sql.matchAll(PIECE)) {
    const piece = match[0]
    if (piece === ';') {
      parts.push(current)
      current = { from: match.index + 1, text: '' }
      continue
    }
    const isComment = piece.startsWith('--') || piece.startsWith('/*')
    if (current.text.trim() === '') current.from = isComment ? match.index + piece.length : match.index + piece.search(/\S|$/)
    current.text += isComment ? ' ' : piece
  }
  return [...parts, current]
}

/** The inside of the parenthesis that opens at or after `from`, and where it ends. */
export function parenthesis(text: string, from: number): { inside: string; end: number } | undefined {
  const open = text.indexOf('(', from)
  if (open < 0) return undefined
  let depth = 0
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth === 0) return { inside: text.slice(open + 1, at), end: at + 1 }
  }
  return undefined
}

/** Parts between commas that stand in no parenthesis. */
export function list(text: string): string[] {
  const parts: string[] = ['']
  let depth = 0
  for (const char of text) {
    if (char === '(') depth++
    if (char === ')') depth--
    if (char === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += char
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
