import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { logDestination } from './log-destination.ts'
import { createLogger } from './logger.ts'
import { sentenceOf } from './sentence.ts'

function logIn(options: { bytesMax?: number } = {}): { file: string; said: string[]; logger: ReturnType<typeof createLogger> } {
  const folder = mkdtempSync(join(tmpdir(), 'loopline log '))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'dialer.log')
  const said: string[] = []
  const destination = logDestination({ format: 'text', file, say: (sentence) => said.push(sentence), ...options })
  return { file, said, logger: createLogger({ name: 'dialer', level: 'debug', ...(destination ? { destination } : {}) }) }
}

test('everything is in the file, and the terminal hears of warnings and errors in one line that names the file', () => {
  const { file, said, logger } = logIn()
  logger.info('voice is there')
  logger.warn({ err: new Error('connect ECONNREFUSED\n    at somewhere') }, 'a regular task failed')
  logger.error({ reason: 'the disk is full' }, 'outcomes could not be committed')
  expect(said.map((sentence) => sentence.replace(/^\d\d:\d\d:\d\d /, ''))).toEqual([
    expect.stringMatching(/^dialer warning: a regular task failed: connect ECONNREFUSED at somewhere \(loopline log \w+\/dialer\.log\)$/),
    expect.stringMatching(/^dialer error: outcomes could not be committed: the disk is full \(/),
  ])
  const lines = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { msg: string })
  expect(lines.map(({ msg }) => msg)).toEqual(['voice is there', 'a regular task failed', 'outcomes could not be committed'])
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('no number reaches file or terminal', () => {
  const { file, said, logger } = logIn()
  logger.error({ err: new Error('no route to +8613900001234') }, 'dialled 13900001234')
  expect(said).toEqual([expect.stringContaining('dialled [phone]: no route to [phone]')])
  expect(readFileSync(file, 'utf8')).not.toContain('900001234')
})

test('what fails again and again is said once and written each time', () => {
  const { file, said, logger } = logIn()
  for (let turn = 0; turn < 5; turn += 1) logger.warn({ err: new Error(`turn ${turn}`) }, 'the database is away')
  logger.warn('something else')
  expect(said).toHaveLength(2)
  expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(6)
})

test('the same is said again when it lasts', () => {
  const said: string[] = []
  const { file } = logIn()
  const destination = logDestination({ format: 'text', file, say: (sentence) => said.push(sentence) })
  for (const time of [0, 29_999, 30_000, 45_000, 60_001]) destination?.write(`${JSON.stringify({ level: 40, time, name: 'crm', msg: 'away' })}\n`)
  expect(said).toHaveLength(3)
})

test('a full file becomes the one before, and there are never more than two', () => {
  const { file, logger } = logIn({ bytesMax: 1_000 })
  for (let count = 0; count < 100; count += 1) logger.info({ count }, 'x'.repeat(100))
  expect(statSync(file).size + statSync(`${file}.1`).size).toBeLessThanOrEqual(2_000)
  expect(readFileSync(file, 'utf8').trim().split('\n').at(-1)).toContain('"count":99')
})

test('without a file all is said as sentences, and JSON is left to the logger', () => {
  const said: string[] = []
  const destination = logDestination({ format: 'text', say: (sentence) => said.push(sentence) })
  createLogger({ name: 'crm', ...(destination ? { destination } : {}) }).info('Server listening')
  expect(said).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d crm: Server listening$/)])
  expect(logDestination({ format: 'json', file: '/nowhere/at/all' })).toBeUndefined()
})

test('a text of others neither breaks the line nor steers the terminal', () => {
  const line = JSON.stringify({ level: 50, time: 0, name: 'hub', msg: 'a\u001b[2J\nb', err: { message: 'y'.repeat(1_000) } })
  const sentence = sentenceOf(line) as string
  expect(sentence).not.toMatch(/[\u0000-\u001f]/)
  expect(sentence.length).toBeLessThan(260)
})
