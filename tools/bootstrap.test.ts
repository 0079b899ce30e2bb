import { afterAll, beforeAll, expect, test } from 'vitest'
import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ROOT } from './step.ts'

/** A program that says who it is and each signal it gets, and ends with code 7 a moment after the first. */
const PROGRAM = `
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
  console.log('got ' + signal)
  setTimeout(() => process.exit(7), 200)
})
setTimeout(() => process.exit(9), 20_000)
console.log('ready ' + process.pid + ' ' + process.version.split('.')[0] + ' ' + JSON.stringify(process.argv.slice(2)))
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopline bootstrap '))
  await writeFile(join(folder, 'program.mjs'), PROGRAM)
})
afterAll(() => rm(folder, { recursive: true }))

interface Started {
  process: ChildProcessByStdio<null, Readable, null>
  said: () => string
}

/** From another folder than the project's. */
async function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/loopline.mjs'), 'run', join(folder, 'program.mjs'), ...args], { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.on('data', (data: Buffer) => (text += data.toString()))
  await expect.poll(() => text, { timeout: 10_000 }).toContain('ready')
  return { process: child, said: () => text }
}

test('a program runs on Node 24 from any folder, gets its arguments, and Ctrl-C once although it is sent twice', async () => {
  const started = await start('a', 'b c')
  expect(started.said()).toMatch(/^ready \d+ v(2[4-9]|[3-9]\d) \["a","b c"\]/)
  started.process.kill('SIGINT')
  started.process.kill('SIGINT')
  expect(await once(started.process, 'exit')).toEqual([7, null])
  expect(started.said().match(/got SIGINT/g)).toHaveLength(1)
})

test('when the starter is killed the program leaves too', async () => {
  const started = await start()
  started.process.kill('SIGKILL')
  await expect.poll(started.said).toContain('got SIGTERM')
})

test('a command is needed', async () => {
  const child = spawn(process.execPath, [join(ROOT, 'bin/loopline.mjs')], { stdio: 'ignore' })
  expect(await once(child, 'exit')).toEqual([2, null])
})
