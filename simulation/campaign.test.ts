import { describe, expect, test } from 'vitest'
import { runCampaign } from './campaign.ts'
import type { Scenario } from './scenario.ts'

const HOUR: Scenario = { name: 'hour', agents: 12, hours: 1.5, answerRate: 0.28, talkMeanS: 110, wrapMeanS: 18, ringMeanS: 10, ringTimeoutS: 28 }
const predictive = { mode: 'predictive', cap: 0.03 } as const

describe('a campaign on virtual time', () => {
  test('is the same whenever it is run', () => {
    expect(runCampaign(HOUR, 7, predictive)).toEqual(runCampaign(HOUR, 7, predictive))
  })

  test('predictive keeps agents much busier than progressive, inside the cap', () => {
    const progressive = runCampaign(HOUR, 1, { mode: 'progressive' })
    const ours = runCampaign(HOUR, 1, predictive)
    expect(progressive.abandonment).toBeLessThan(0.01)
    expect(ours.utilisation).toBeGreaterThan(progressive.utilisation + 0.1)
    expect(ours.abandoned).toBeLessThanOrEqual(0.03 * ours.answered + 2)
  })

  test('a lower cap is kept too', () => {
    const careful = runCampaign(HOUR, 2, { mode: 'predictive', cap: 0.01 })
    expect(careful.abandoned).toBeLessThanOrEqual(0.01 * careful.answered + 2)
  })

  test('knowing which numbers answer keeps agents busier than not knowing', () => {
    const known: Scenario = { ...HOUR, hours: 3, forecast: { spread: 1.6, error: 0.1 } }
    const busier = [1, 2, 3].map((seed) => runCampaign(known, seed, predictive).utilisation - runCampaign({ ...known, forecast: { spread: 1.6, error: 30 } }, seed, predictive).utilisation)
    expect(busier.reduce((sum, one) => sum + one, 0) / 3).toBeGreaterThan(0.01)
  })

  test('lines are never more than there are', () => {
    expect(runCampaign({ ...HOUR, lines: 20 }, 1, predictive).callsMost).toBeLessThanOrEqual(20)
  })

  test('when everybody leaves, dialling stops', () => {
    const { placedWithoutAgents, dialled } = runCampaign({ ...HOUR, leavers: 1 }, 1, predictive)
    expect(placedWithoutAgents).toBe(0)
    expect(dialled).toBeLessThan(runCampaign(HOUR, 1, predictive).dialled * 0.65)
  })

  test('an outage of all lines does not end in a burst of abandoned calls', () => {
    const { abandoned, answered } = runCampaign({ ...HOUR, hours: 2, outage: [0.8, 0.9] }, 3, predictive)
    expect(abandoned).toBeLessThanOrEqual(0.03 * answered + 3)
  })

  test('promised callbacks come on time', () => {
    const { callbacks, callbackDelayMs } = runCampaign({ ...HOUR, hours: 2, callbackShare: 0.1 }, 1, predictive)
    expect(callbacks).toBeGreaterThan(10)
    expect(callbackDelayMs).toBeLessThan(10_000)
  })
})
