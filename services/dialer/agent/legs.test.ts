import { expect, test } from 'vitest'
import { newId } from '@loopline/clock/new-id'
import type { UserId } from '@loopline/vocabulary/ids'
import { Legs } from './legs.ts'
import type { LegName } from './legs.ts'

const [wang, li] = [newId<UserId>(), newId<UserId>()].map((agentId) => ({ agentId, phone: 'browser' as const })) as [LegName, LegName]

test('whom a greeted voice does not name within a second has no leg, and is accused once', () => {
  let now = 0
  const legs = new Legs(() => now)
  legs.greeted([wang, li])
  legs.told(wang, 'up')
  now = 999
  expect(legs.gone([wang, li])).toEqual([])
  now = 1_000
  expect(legs.gone([wang, li])).toEqual([li])
  expect(legs.gone([wang, li])).toEqual([])
  expect([legs.of(wang.agentId, 'browser'), legs.of(wang.agentId, 'desk'), legs.of(li.agentId, 'browser')]).toEqual(['up', 'down', 'down'])
})

test('a link that is back soon costs nobody his leg, one that is not costs everybody theirs', () => {
  let now = 0
  const legs = new Legs(() => now)
  legs.greeted([])
  legs.linkLost()
  now = 4_999
  expect(legs.gone([wang])).toEqual([])
  now = 5_000
  expect(legs.gone([wang])).toEqual([wang])
  legs.greeted([wang])
  legs.told(wang, 'up')
  now = 20_000
  expect(legs.gone([wang])).toEqual([])
})

test('a dialer that never finds voice believes no leg', () => {
  let now = 0
  const legs = new Legs(() => now)
  now = 5_000
  expect(legs.gone([wang])).toEqual([wang])
})
