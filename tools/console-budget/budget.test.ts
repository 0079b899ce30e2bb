import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { overweight, weigh, weightsOf } from './budget.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

test('a chunk that two places share is counted for each, one of the first load for none', () => {
  const weights = weigh({
    entry: { file: 'entry.js', isEntry: true, imports: ['antd'] }, antd: { file: 'antd.js' }, table: { file: 'table.js' }, style: { file: 'style.css' },
    customers: { file: 'customers.js', isDynamicEntry: true, imports: ['antd', 'table', 'style'] }, calls: { file: 'calls.js', isDynamicEntry: true, imports: ['table'] },
  }, (file) => ({ 'entry.js': 100, 'antd.js': 200, 'table.js': 40, 'customers.js': 10, 'calls.js': 5, 'style.css': 1_000 })[file] ?? 0)
  expect(weights.firstLoadKb * 1_024).toBe(300)
  expect(weights.routes.map(({ name, kb }) => [name, kb * 1_024])).toEqual([['customers', 50], ['calls', 45]])
})

test('the console is within its budget', async () => {
  const dist = await mkdtemp(join(tmpdir(), 'loopline-console-'))
  onTestFinished(() => rm(dist, { recursive: true, force: true }))
  await promisify(execFile)(process.execPath, [at('node_modules/vite/bin/vite.js'), 'build', '--outDir', dist, '--logLevel', 'error'], {
    // The test runner's NODE_ENV would build React for development.
    cwd: at('apps/console'), env: { ...process.env, NODE_ENV: 'production' },
  })
  expect(overweight(weightsOf(dist))).toEqual([])
}, 120_000)
