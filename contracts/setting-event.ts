import type { EventOf } from './event.ts'
import type { LawPackView } from './law-pack.ts'

/** State event: one setting, newest version wins. */
export interface SettingState {
  key: 'callee-clock' | 'company-name' | 'law-packs'
  version: number
  value: unknown
}

/** Value of `callee-clock`: what the gate takes as now at the callee. `offsetMs` 0 is the real time; demo and tests shift it. */
export interface CalleeClockSetting {
  offsetMs: number
}

/** Value of `law-packs`: the packs in force, that of our own place first. */
export interface LawPacksSetting {
  packs: LawPackView[]
}

export type SettingChanged = EventOf<'hub.setting.changed', SettingState>

/** State event of a person: enough to assign customers and to show names. */
export interface UserState {
  userId: string
  version: number
  name: string
  role: string
  teamId: string | null
  /** Skills by which rules choose: `senior` takes connected calls. */
  skills: string[]
  active: boolean
}

export type UserChanged = EventOf<'hub.user.changed', UserState>
