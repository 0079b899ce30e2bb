/** The fields of a log line that a person at a terminal wants; written by logger.ts, already without numbers. */
interface LogLine {
  level: number
  time: number
  name: string
  msg?: string
  reason?: unknown
  child?: unknown
  err?: { message?: string }
}

const WARN = 40
const ERROR = 50

/** One line for a person, or null for what is no log line. What is only in the JSON (stack, ids) is left to the file. */
export function sentenceOf(line: string, logFile?: string): string | null {
  const entry = parse(line)
  if (entry === null) return null
  const what = [entry.msg, whyOf(entry)].filter((part) => part !== undefined && part !== '').join(': ')
  return `${timeOf(entry.time)} ${entry.name}${markOf(entry.level)}: ${oneLine(what)}${logFile === undefined ? '' : ` (${logFile})`}`
}

/** The level of a line, cheaply: it is the first thing the logger writes. */
export function levelOf(line: string): number {
  return Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? 0)
}

export const isForTerminal = (line: string): boolean => levelOf(line) >= WARN

/** When the line was written (unix ms), and what makes two lines say the same. */
export function repetitionOf(line: string): { key: string; time: number } {
  const entry = parse(line)
  return { key: `${entry?.name} ${entry?.level} ${entry?.msg} ${String(entry?.child)}`, time: entry?.time ?? 0 }
}

function whyOf({ err, reason, child }: LogLine): string | undefined {
  if (err?.message !== undefined) return err.message
  if (typeof reason === 'string') return reason
  return typeof child === 'string' ? child : undefined
}

function markOf(level: number): string {
  if (level >= ERROR) return ' error'
  return level >= WARN ? ' warning' : ''
}

/** By the clock of whoever sits at the terminal. */
function timeOf(time: number): string {
  const at = new Date(time)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}

const CHARACTERS_MAX = 200

/** No text of others breaks the line or steers the terminal. */
function oneLine(text: string): string {
  const plain = text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
  return plain.length > CHARACTERS_MAX ? `${plain.slice(0, CHARACTERS_MAX)} …` : plain
}

function parse(line: string): LogLine | null {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return null
  }
}
