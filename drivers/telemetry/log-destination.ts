/** Decides where log lines go: JSON for machines on standard output, or files with a few sentences at the terminal. */
import { basename, dirname, join } from 'node:path'
import type { DestinationStream } from 'pino'
import { openLogFile } from './log-file.ts'
import { isForTerminal, repetitionOf, sentenceOf } from './sentence.ts'

export const LOG_FORMATS = ['text', 'json'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export interface LogWishes {
  format: LogFormat
  /** With `text`: all lines go here as JSON, and the terminal hears only of warnings and errors. */
  file?: string
  /** Where sentences are said. */
  say?: (sentence: string) => void
  bytesMax?: number
}

/** A task that fails twice a second says so twice a minute; the file has every time. */
const SAME_AGAIN_AFTER_MS = 30_000

/** For createLogger; undefined is its own standard output, one JSON object a line. */
export function logDestination({ format, file, say = sayAtTerminal, bytesMax }: LogWishes): DestinationStream | undefined {
  if (format === 'json') return undefined
  if (file === undefined) return { write: (line) => tell(say, sentenceOf(line)) }
  const logFile = openLogFile(file, bytesMax)
  const shown = join(basename(dirname(file)), basename(file))
  const isNews = newsFilter()
  return {
    write(line) {
      logFile.write(line)
      if (isForTerminal(line) && isNews(line)) tell(say, sentenceOf(line, shown))
    },
  }
}

function newsFilter(): (line: string) => boolean {
  const lastSaid = new Map<string, number>()
  return (line) => {
    const { key, time } = repetitionOf(line)
    const last = lastSaid.get(key)
    if (last !== undefined && time - last < SAME_AGAIN_AFTER_MS) return false
    lastSaid.set(key, time)
    return true
  }
}

function tell(say: (sentence: string) => void, sentence: string | null): void {
  if (sentence !== null) say(sentence)
}

/** By console, which does not mind that the terminal is gone. */
const sayAtTerminal = (sentence: string): void => console.log(sentence)
