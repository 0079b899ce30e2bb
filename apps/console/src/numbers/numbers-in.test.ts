import { expect, test } from 'vitest'
import { numbersIn } from './numbers-in'

test.each([
  ['02038880001\n13800000001', [{ number: '02038880001' }, { number: '13800000001' }]],
  ['\uFEFF号码,归属地,备注\r\n020-38880001,广州,"前台"\r\n\r\n', [{ number: '020-38880001', region: '广州', note: '前台' }]],
  ['13800000001，广东深圳，二号卡\n13800000002\t\tspare', [{ number: '13800000001', region: '广东深圳', note: '二号卡' }, { number: '13800000002', note: 'spare' }]],
  ['', []],
])('%j', (text, want) => expect(numbersIn(text)).toEqual(want))
