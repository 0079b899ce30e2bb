import { describe, expect, test } from 'vitest'
import { Desertion, type DesertionStep } from './desertion.ts'

interface Look { at: number; agent?: boolean; colleague?: boolean; want: DesertionStep }
const look = (desertion: Desertion, { at, agent = false, colleague = false, want }: Look): void =>
  expect([at, desertion.look(at, { isAgentUp: agent, isColleagueUp: colleague })]).toEqual([at, want])

describe('a person whom nobody of ours hears any more', () => {
  const cases: { name: string; looks: Look[] }[] = [
    { name: 'somebody is there: nothing', looks: [{ at: 0, agent: true, want: 'nothing' }, { at: 60_000, agent: true, want: 'nothing' }] },
    { name: 'dialers are told after three and a half seconds, again every two, and at nine he is told himself', looks: [
      { at: 0, want: 'nothing' }, { at: 3_499, want: 'nothing' }, { at: 3_500, want: 'tell-dialers' }, { at: 5_499, want: 'nothing' }, { at: 5_500, want: 'tell-dialers' }, { at: 9_000, want: 'fall-back' },
    ] },
    { name: 'a colleague beside the agent gets him', looks: [{ at: 0, colleague: true, want: 'nothing' }, { at: 3_500, colleague: true, want: 'give-to-colleague' }] },
    { name: 'an absence that ends begins anew', looks: [{ at: 0, want: 'nothing' }, { at: 1_000, agent: true, want: 'nothing' }, { at: 2_000, want: 'nothing' }, { at: 5_499, want: 'nothing' }, { at: 5_500, want: 'tell-dialers' }] },
  ]
  test.each(cases)('$name', ({ looks }) => {
    const desertion = new Desertion()
    for (const each of looks) look(desertion, each)
  })

  test('who is back within two and a half seconds has his call; later it is for the dialer to say, and it is asked at once', () => {
    const early = new Desertion()
    look(early, { at: 0, want: 'nothing' })
    early.agentIsBack(2_499)
    expect(early.isLetGo).toBe(false)

    const late = new Desertion()
    look(late, { at: 0, want: 'nothing' })
    late.agentIsBack(2_500)
    expect(late.isLetGo).toBe(true)
    for (const each of [{ at: 2_600, agent: true, want: 'tell-dialers' }, { at: 2_700, agent: true, want: 'nothing' }, { at: 3_100, agent: true, want: 'tell-dialers' }] as const) look(late, each)
    late.end()
    look(late, { at: 20_000, agent: true, want: 'nothing' })
  })
})
