/**
 * Preloaded into every process of a product under test. A dialer that starts while the file named by CRASH_ONCE_FILE is
 * there takes the crash point in it as its CRASH_AT and removes the file: so it kills itself once, and its successor lives.
 */
import { readFileSync, rmSync } from 'node:fs'

const file = process.env['CRASH_ONCE_FILE']
if (file !== undefined && process.argv.slice(2).join(' ') === 'serve dialer') {
  try {
    process.env['CRASH_AT'] = readFileSync(file, 'utf8')
    rmSync(file)
  } catch {
    // No crash is wanted.
  }
}
