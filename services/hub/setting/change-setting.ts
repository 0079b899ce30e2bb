import { DEFAULT_PACKS } from '@loopline/gate/default-packs'
import type { SettingChanged, SettingState } from '@loopline/contracts/setting-event'
import { keyOf, makeEvent } from '@loopline/event-log/make-event'
import type { OutboxEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import { failed } from '@loopline/http/coded-error'
import { inTransaction } from '@loopline/postgres/transaction'
import type { Actor } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { insertSetting, readSetting, updateSetting } from './setting.sql.ts'

type SettingDeps = Pick<Deps, 'db' | 'notifier' | 'clock'>

/** What holds until somebody changes it. */
const DEFAULTS: Record<SettingState['key'], unknown> = { 'callee-clock': { offsetMs: 0 }, 'company-name': 'Loopline', 'law-packs': { packs: DEFAULT_PACKS } }

/** Writes the settings that are not there yet and announces them: readers of the log need a first value. */
export async function seedSettings(deps: SettingDeps): Promise<void> {
  for (const [key, value] of Object.entries(DEFAULTS) as [SettingState['key'], unknown][]) {
    await inTransaction(deps.db, async (transaction) => {
      if (!(await insertSetting(transaction, key, value))) return
      await publish(transaction, deps.notifier, [settingChanged({ key, version: 1, value }, deps.clock.now())])
    })
  }
}

/** @throws CodedError SETTING_NOT_FOUND */
export async function currentSetting(deps: Pick<Deps, 'db'>, key: SettingState['key']): Promise<SettingState> {
  const found = await readSetting(deps.db, key)
  if (!found) throw hubError('SETTING_NOT_FOUND')
  return found
}

/** A person changes a setting. @throws CodedError as changeSetting */
export async function editSetting(deps: Deps, actor: Actor, setting: SettingState): Promise<SettingState> {
  const saved = await changeSetting(deps, setting, actor.actorId)
  await deps.audit.record({ ...actor, action: 'edit-setting', subject: `setting:${setting.key}`, details: { value: setting.value } })
  return saved
}

/**
 * Changes a setting over the version that was read, and announces it.
 * @throws CodedError VERSION_CONFLICT with the current row
 */
export function changeSetting(deps: SettingDeps, setting: SettingState, actorId: string): Promise<SettingState> {
  return inTransaction(deps.db, async (transaction) => {
    if (!(await updateSetting(transaction, setting, actorId))) throw failed('VERSION_CONFLICT', await readSetting(transaction, setting.key))
    const saved = { ...setting, version: setting.version + 1 }
    await publish(transaction, deps.notifier, [settingChanged(saved, deps.clock.now())])
    return saved
  })
}

/** Sets the callee clock whatever its version: for the demo's start and for tests. */
export async function setCalleeClock(deps: SettingDeps, offsetMs: number): Promise<void> {
  await changeSetting(deps, { ...(await currentSetting(deps, 'callee-clock')), value: { offsetMs } }, 'start')
}

function settingChanged(state: SettingState, time: number): OutboxEvent {
  return makeEvent<SettingChanged>({ type: 'hub.setting.changed', key: keyOf(`hub.setting/${state.key}`), sequence: state.version, time, data: state })
}
