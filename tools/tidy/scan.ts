/** A template literal of a file: its text with each `${…}` replaced by `$0`, and the line where it begins (from 1). */
export interface Template {
  text: string
  line: number
}

/** A file seen three ways. All keep the line breaks, so that a place in one is the same line in the others. */
export interface Scan {
  /** Comments and the insides of strings, templates and regular expressions blanked out. */
  code: string
  /** Comments blanked out, strings kept: where imports are read. */
  uncommented: string
  templates: Template[]
}

/** After these a slash begins a regular expression, not a division. */
const BEFORE_REGEX = /(^|[(,=:[!&|?{};+\-*%<>~^]|\b(return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield))\s*$/

/**
 * Tells code from comments and strings, character by character. TypeScript 7 offers no parser to programs, and rules
 * about words need no tree; nested templates and regular expressions are the only hard parts.
 */
export function scan(text: string): Scan {
  const state: Scan = { code: '', uncommented: '', templates: [] }
  readCode(text, 0, state, false)
  return state
}

/** Reads code from `at` to the end, or to the brace that closes a `${` when nested. Answers where it stopped. */
function readCode(text: string, at: number, out: Scan, nested: boolean): number {
  let depth = 0
  while (at < text.length) {
    const char = text[at] as string
    const two = text.slice(at, at + 2)
    if (two === '//' || two === '/*') at = skip(text, at, out, endOfComment(text, at), 'comment')
    else if (char === "'" || char === '"') at = skip(text, at, out, endOfString(text, at), 'string')
    else if (char === '`') at = readTemplate(text, at, out)
    else if (char === '/' && BEFORE_REGEX.test(out.code.slice(-12))) at = skip(text, at, out, endOfRegex(text, at), 'string')
    else {
      if (nested && char === '}' && depth === 0) return at
      if (char === '{') depth++
      if (char === '}') depth--
      out.code += char
      out.uncommented += char
      at++
    }
  }
  return at
}

function readTemplate(text: string, start: number, out: Scan): number {
  const template: Template = { text: '', line: text.slice(0, start).split('\n').length }
  out.templates.push(template)
  out.code += '`'
  out.uncommented += '`'
  let at = start + 1
  while (at < text.length && text[at] !== '`') {
    if (text.slice(at, at + 2) === '${') {
      out.code += '${'
      out.uncommented += '${'
      at = readCode(text, at + 2, out, true)
      template.text += '$0'
      out.code += '}'
      out.uncommented += '}'
      at++
      continue
    }
    const length = text[at] === '\\' ? 2 : 1
    const piece = text.slice(at, at + length)
    template.text += piece
    out.code += blank(piece)
    out.uncommented += piece
    at += length
  }
  out.code += '`'
  out.uncommented += '`'
  return at + 1
}

function skip(text: string, from: number, out: Scan, to: number, kind: 'comment' | 'string'): number {
  const piece = text.slice(from, to)
  out.code += kind === 'string' ? `${piece[0]}${blank(piece.slice(1, -1))}${piece.length > 1 ? piece.at(-1) : ''}` : blank(piece)
  out.uncommented += kind === 'string' ? piece : blank(piece)
  return to
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function endOfComment(text: string, at: number): number {
  const isLine = text[at + 1] === '/'
  const end = text.indexOf(isLine ? '\n' : '*/', at + 2)
  return end < 0 ? text.length : end + (isLine ? 0 : 2)
}

function endOfString(text: string, at: number): number {
  const quote = text[at]
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '\\') end++
    else if (text[end] === quote || text[end] === '\n') return end + 1
  }
  return text.length
}

function endOfRegex(text: string, at: number): number {
  let inClass = false
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end++) {
    if (text[end] === '\\') end++
    else if (text[end] === '[') inClass = true
    else if (text[end] === ']') inClass = false
    else if (text[end] === '/' && !inClass) return end + 1
  }
  return at + 1
}
