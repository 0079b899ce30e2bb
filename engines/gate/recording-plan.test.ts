import { expect, test } from 'vitest'
import type { Consent } from '@loopline/vocabulary/customer'
import { CHINA_DEFAULT } from './default-packs.ts'
import type { LawPack } from './law-pack.ts'
import { mayRecord } from './recording-plan.ts'
import type { MayRecord } from './recording-plan.ts'

const STRICT: LawPack = { ...CHINA_DEFAULT, announcedCounts: false }
const YES: MayRecord = { record: 'yes', basis: 'granted' }
const AFTER: MayRecord = { record: 'after-announcement', basis: 'announced' }
const no = (reason: Extract<MayRecord, { record: 'no' }>['reason']): MayRecord => ({ record: 'no', reason })

const cases: { consent: Consent | null; law: string; pack: LawPack | null; want: MayRecord }[] = [
  { consent: 'granted', law: 'China', pack: CHINA_DEFAULT, want: YES },
  { consent: 'granted', law: 'where an announcement does not count', pack: STRICT, want: YES },
  { consent: 'unknown', law: 'China', pack: CHINA_DEFAULT, want: AFTER },
  { consent: null, law: 'China', pack: CHINA_DEFAULT, want: AFTER },
  { consent: 'unknown', law: 'where an announcement does not count', pack: STRICT, want: no('consent-unknown') },
  { consent: 'refused', law: 'China', pack: CHINA_DEFAULT, want: no('consent-refused') },
  { consent: 'refused', law: 'nowhere', pack: null, want: no('consent-refused') },
  { consent: 'granted', law: 'nowhere', pack: null, want: no('law-pack-missing') },
  { consent: 'unknown', law: 'nowhere', pack: null, want: no('law-pack-missing') },
]
test.each(cases)('consent $consent, law of $law: $want.record', ({ consent, pack, want }) => {
  expect(mayRecord(consent, pack)).toEqual(want)
})
