/** Decides what the n-th synthetic customer is like: a function of n alone, so that every demo looks the same. */
import type { Consent, CustomerStatus, Intent, Level } from '@loopline/vocabulary/customer'
import type { E164 } from '@loopline/vocabulary/phone'
import { GIVEN, INDUSTRIES, PLACES, REGIONS, SURNAMES, TAGS, TRADES } from './names.ts'

export interface SyntheticCustomer {
  name: string
  company: string | null
  phones: E164[]
  level: Level
  status: CustomerStatus
  tags: string[]
  region: string
  timeZone: string
  industry: string
  intent: Intent
  marketingConsent: Consent
  recordingConsent: Consent
  neverCall: boolean
  /** Days before now; null for one nobody ever followed up. */
  lastFollowUpDaysAgo: number | null
  /** Days before now on which the customer, and the consent, came in. */
  cameDaysAgo: number
  owned: boolean
}

/** How many of the first customers carry the sandbox's documented test numbers, +86139000000NN. */
export const TEST_CARDS = 30

/** A fraction 0..1 that depends on the customer and on what is drawn, and on nothing else (Mulberry32's mixing). */
function draw(index: number, what: number): number {
  let state = (Math.imul(index + 1, 0x9e3779b1) + Math.imul(what + 1, 0x85ebca6b)) | 0
  state = Math.imul(state ^ (state >>> 15), 1 | state)
  state ^= state + Math.imul(state ^ (state >>> 7), 61 | state)
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32
}

function pick<Choice>(choices: readonly Choice[], at: number): Choice {
  return choices[Math.min(choices.length - 1, Math.floor(at * choices.length))] as Choice
}

function weighted<Choice>(choices: readonly (readonly [Choice, number])[], at: number): Choice {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0)
  let left = at * total
  for (const [choice, weight] of choices) {
    left -= weight
    if (left < 0) return choice
  }
  return (choices.at(-1) as readonly [Choice, number])[0]
}

export function syntheticCustomer(index: number): SyntheticCustomer {
  const isTestCard = index < TEST_CARDS
  const { region, zone } = weighted(REGIONS.map((each) => [each, each.share] as const), draw(index, 1))
  const followedUp = draw(index, 2) < 0.65
  const marketingConsent = isTestCard ? 'granted' : weighted<Consent>([['granted', 88], ['unknown', 8], ['refused', 4]], draw(index, 3))
  return {
    name: isTestCard ? `测试号码 ${String(index + 1).padStart(2, '0')}` : pick(SURNAMES, draw(index, 4)) + pick(GIVEN, draw(index, 5)),
    company: draw(index, 6) < 0.7 ? `${region}${pick(PLACES, draw(index, 7))}${pick(TRADES, draw(index, 8))}有限公司` : null,
    phones: phonesOf(index),
    level: weighted<Level>([['A', 12], ['B', 23], ['C', 38], ['D', 27]], draw(index, 9)),
    status: weighted<CustomerStatus>([['new', 55], ['following', 30], ['interested', 12], ['won', 2], ['lost', 1]], isTestCard ? 0 : draw(index, 10)),
    tags: isTestCard ? ['测试号码'] : [...new Set([draw(index, 11), draw(index, 12)].filter((at) => at < 0.6).map((at) => pick(TAGS, at / 0.6)))],
    region, timeZone: zone,
    industry: pick(INDUSTRIES, draw(index, 13)),
    intent: weighted<Intent>([['unknown', 50], ['none', 10], ['low', 15], ['medium', 15], ['high', 10]], draw(index, 14)),
    marketingConsent,
    recordingConsent: marketingConsent === 'granted' && draw(index, 15) < 0.7 ? 'granted' : 'unknown',
    neverCall: !isTestCard && draw(index, 16) < 0.01,
    lastFollowUpDaysAgo: followedUp ? 0.2 + draw(index, 17) * 29 : null,
    cameDaysAgo: 30 + Math.floor(draw(index, 18) * 300),
    owned: draw(index, 19) < 0.5,
  }
}

const MOBILE_PREFIXES = ['135', '136', '137', '138', '150', '151', '158', '159', '182', '187', '188', '189']
/** Coprime to 10^8: different customers get different numbers, up to 10^8 per prefix. */
const SCATTER = 48_271_073

function mobile(serial: number): E164 {
  const prefix = MOBILE_PREFIXES[serial % MOBILE_PREFIXES.length] as string
  const rest = (Math.floor(serial / MOBILE_PREFIXES.length) * SCATTER + 10_007) % 100_000_000
  return `+86${prefix}${String(rest).padStart(8, '0')}` as E164
}

/** One number, for every fifth customer two. */
function phonesOf(index: number): E164[] {
  const first = index < TEST_CARDS ? (`+86139000000${String(index + 1).padStart(2, '0')}` as E164) : mobile(index * 2)
  return draw(index, 20) < 0.2 && index >= TEST_CARDS ? [first, mobile(index * 2 + 1)] : [first]
}
