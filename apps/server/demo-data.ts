/** Decides who can sign in to a demo, and what time it is there. */
import type { CalleeClockSetting } from '@loopline/contracts/setting-event'
import type { Hub } from '@loopline/hub/main'

/** Shown at every start of the demo; `start` never makes these. */
export const DEMO_PASSWORD = 'loopline-demo'

export const DEMO_PEOPLE = [
  { username: 'admin', name: '陈静 Chen Jing', role: 'admin', teamName: null, skills: [] },
  { username: 'supervisor', name: '李伟 Li Wei', role: 'supervisor', teamName: '华南一组', skills: [] },
  { username: 'agent', name: '王芳 Wang Fang', role: 'agent', teamName: '华南一组', skills: ['senior'] },
  { username: 'agent2', name: '赵磊 Zhao Lei', role: 'agent', teamName: '华南一组', skills: ['senior'] },
  { username: 'agent3', name: '刘洋 Liu Yang', role: 'agent', teamName: '华南一组', skills: [] },
  { username: 'auditor', name: '周敏 Zhou Min', role: 'auditor', teamName: null, skills: [] },
] as const

export async function makeDemoPeople(hub: Pick<Hub, 'ensureUser' | 'setCalleeClock'>, offsetMs: number): Promise<void> {
  for (const person of DEMO_PEOPLE) await hub.ensureUser({ ...person, skills: [...person.skills], password: DEMO_PASSWORD })
  await hub.setCalleeClock(offsetMs)
}

const CHINA_OFFSET_MIN = 8 * 60
/** Outside these minutes of the day in China the demo shifts its clock, so that it also dials at three in the morning. */
const DEMO_HOURS = { from: 9 * 60, to: 20 * 60, instead: '10:12' }

/** The shift that makes it `wanted` ("10:12") in China now; without a wish, none within the day and 10:12 at night. */
export function calleeOffset(now: number, wanted: string): CalleeClockSetting {
  const minuteNow = (Math.floor(now / 60_000) + CHINA_OFFSET_MIN) % 1440
  const night = minuteNow < DEMO_HOURS.from || minuteNow >= DEMO_HOURS.to
  const time = wanted || (night ? DEMO_HOURS.instead : '')
  if (time === '') return { offsetMs: 0 }
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return { offsetMs: (hours * 60 + minutes - minuteNow) * 60_000 }
}
