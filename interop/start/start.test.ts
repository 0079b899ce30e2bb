/** What a person sees who starts it: sentences, an address that works, also beside another start at the same instant. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startProduct, type Product } from '../product.ts'

/** As from a terminal in a fresh folder: no port is asked for. */
async function start(env: Record<string, string>): Promise<Product> {
  const product = await startProduct({ withoutConsole: true, env: { DEMO_CUSTOMERS: '0', PORT: '0', LOG_LEVEL: 'info', ...env } })
  onTestFinished(() => product.drop())
  return product
}

const logOf = (product: Product, name: string): string => join(product.home, 'log', `${name}.log`)

test('two installations that start at the same instant find free ports each, and their terminals stay calm', async () => {
  const both = await Promise.all([start({ LOOPLINE_ONLY: 'crm', LOG_FORMAT: '' }), start({ LOOPLINE_ONLY: 'crm', LOG_FORMAT: '' })])
  expect(new Set(both.map(({ address }) => address)).size).toBe(2)
  for (const product of both) {
    expect(await (await product.signIn('admin')).get('/api/hub/me')).toMatchObject({ role: 'admin' })
    expect(product.output()).toContain(`Open ${product.address}`)
    expect(product.output()).not.toMatch(/^\{|^ +at |warning|error/m)
    // The lines are there all the same.
    expect(readFileSync(logOf(product, 'crm'), 'utf8')).toContain('"level":30')
    expect(await product.stop()).toBe(0)
  }
}, 120_000)

test('with everything that a demo runs the terminal has no line of JSON, no warning and no stack', async () => {
  const product = await start({ LOG_FORMAT: '' })
  expect(await product.stop()).toBe(0)
  expect(product.output()).not.toMatch(/^\{|^ +at |warning|error/m)
  expect(product.output().split('\n').length).toBeLessThan(25)
}, 120_000)

test('LOG_FORMAT=json puts every line on standard output, and no log files are written', async () => {
  const product = await start({ LOOPLINE_ONLY: 'crm', LOG_FORMAT: 'json' })
  const lines = product.output().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { name: string })
  expect(new Set(lines.map(({ name }) => name))).toEqual(new Set(['hub', 'crm']))
  expect(existsSync(logOf(product, 'crm'))).toBe(false)
}, 120_000)

test('a wrong setting of a child is named at the terminal', async () => {
  await expect(start({ LOOPLINE_ONLY: 'crm', LOG_FORMAT: 'text', CRM_DATABASE_CONNECTIONS: 'many' })).rejects.toThrow(/could not start: crm ended with code 1:\nThese settings are wrong:[^]*CRM_DATABASE_CONNECTIONS/)
}, 120_000)
