import { closeSync, openSync, renameSync, statSync, writeSync } from 'node:fs'

/** One line is a few hundred bytes; two files of this size hold days of an ordinary installation. */
export const LOG_FILE_BYTES_MAX = 10_000_000

/** A file of log lines that never grows without bound: a full one becomes `<path>.1`, and the one before is gone. */
export interface LogFile {
  write(line: string): void
}

/**
 * Lines are written at once, so that the last ones before a crash are there. One process writes a file at a time.
 *
 * @throws Error when the file cannot be opened; a line that cannot be written later (a full disk) is dropped.
 */
export function openLogFile(path: string, bytesMax = LOG_FILE_BYTES_MAX): LogFile {
  let fd = open(path)
  let bytes = statSync(path).size
  const rotate = (): void => {
    closeSync(fd)
    renameSync(path, `${path}.1`)
    fd = open(path)
    bytes = 0
  }
  return {
    write(line) {
      // Somebody who cannot keep a log line still does the work.
      try {
        if (bytes > 0 && bytes + line.length > bytesMax) rotate()
        bytes += writeSync(fd, line)
      } catch {
        return
      }
    },
  }
}

const open = (path: string): number => openSync(path, 'a', 0o600)
