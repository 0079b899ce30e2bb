import { expect, test } from 'vitest'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import { createLogger } from './logger.ts'
import { maskPhonesInText } from './mask-phones.ts'
import { createRegistry, loopHistograms } from './metrics.ts'

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = []
  write(createLogger({ name: 'test', level: 'trace', destination: { write: (line: string) => lines.push(line) } }))
  return lines.join('')
}

const DIGITS = /1[\s-]?3[\s-]?9[\s-]?0[\s-]?0[\s-]?0[\s-]?0[\s-]?1[\s-]?2[\s-]?3[\s-]?4/

const FORMS = ['+8613900001234', '+86 139 0000 1234', '+86-139-0000-1234', '8613900001234', '008613900001234', '13900001234',
  '139 0000 1234', '139-0000-1234', 'tel:+8613900001234', '/customers?phone=%2B8613900001234', '"13900001234"', 'a13900001234',
  'sip:13900001234@10.0.0.1', '张三13900001234', '(13900001234)']

test.each(FORMS)('%s never reaches the log, wherever it stands', (form) => {
  const text = logged((logger) => {
    logger.info(`dialled ${form} now`)
    logger.info({ deep: { list: [form] }, [form]: 1 }, 'fields')
    logger.error(new Error(`no route to ${form}`), form)
    logger.child({ bound: form }).warn('%s', form)
  })
  expect(text).not.toMatch(DIGITS)
  for (const line of text.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
})

test('a number given as a number is hidden too and the line stays JSON', () => {
  const text = logged((logger) => logger.info({ phone: 13900001234, list: [13900001234, 8613900001234] }, 'x:13900001234,y'))
  expect(text).not.toMatch(DIGITS)
  expect(JSON.parse(text)).toMatchObject({ phone: 0, list: [0, 0], msg: 'x:0,y' })
})

test('a Phone logs masked', () => {
  expect(logged((logger) => logger.info({ phone: new Phone('+8613900001234' as E164) }, 'x'))).not.toMatch(DIGITS)
})

test.each(['019a2b3c-1390-7001-8234-139000012345', '1767578400000', '2026-11-22T11:29:36.000Z', '127.0.0.1:54321', '3900001234',
  '3fb5deadbeef13900001234aa00bb11cc22dd33ee'])('%s is no telephone number', (text) => {
  expect(maskPhonesInText(text)).toBe(text)
})

test('secrets in known fields are redacted and line breaks cannot forge a line', () => {
  const text = logged((logger) => logger.info({ headers: { authorization: 'Bearer x', cookie: 'y' }, password: 'z' }, 'a\n{"forged":1}\u001b[31m'))
  expect(text.trim().split('\n')).toHaveLength(1)
  expect(text).not.toMatch(/Bearer|"y"|"z"|\u001b/)
})

test('the loop histograms and the stall gauge are exported', async () => {
  const registry = createRegistry('dialer')
  loopHistograms(registry).editToPool.observe(0.02)
  const text = await registry.metrics()
  expect(text).toContain('loopline_edit_to_pool_seconds_bucket{le="0.025",service="dialer"} 1')
  expect(text).toContain('loopline_event_loop_stall_seconds{service="dialer"}')
})
