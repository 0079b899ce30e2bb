import { z } from 'zod'
import { EditLawPacks, LawPacksView } from '@loopline/contracts/law-pack'
import { CalleeClockView, EditCalleeClock } from '@loopline/contracts/setting'
import type { CalleeClockSetting, SettingState } from '@loopline/contracts/setting-event'
import type { Http } from '@loopline/http/create-http'
import { actorOf } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { currentSetting, editSetting } from './change-setting.ts'
import { editLawPacks, lawPacks } from './law-packs.ts'

const CompanyName = z.strictObject({ version: z.number().int(), name: z.string().min(1).max(100) })
const DAY_MS = 86_400_000

/** The settings that people see. `calleeClockSettable` is false outside demo and tests: shifting it would call people at night. */
export function settingRoutes(app: Http, deps: Deps, { calleeClockSettable }: { calleeClockSettable: boolean }): void {
  const calleeClock = ({ version, value }: SettingState): z.infer<typeof CalleeClockView> => ({ version, offsetMs: (value as CalleeClockSetting).offsetMs })

  app.get('/api/hub/settings/callee-clock', { config: { may: 'setting:read' }, schema: { response: { 200: CalleeClockView } } },
    async () => calleeClock(await currentSetting(deps, 'callee-clock')))

  app.put('/api/hub/settings/callee-clock', {
    config: { may: 'setting:edit' }, schema: { body: EditCalleeClock, response: { 200: CalleeClockView } },
  }, async (request) => {
    const { version, offsetMs } = request.body
    if (!calleeClockSettable) throw hubError('CALLEE_CLOCK_FIXED')
    if (Math.abs(offsetMs) > 366 * DAY_MS) throw hubError('CALLEE_CLOCK_FIXED')
    return calleeClock(await editSetting(deps, actorOf(request), { key: 'callee-clock', version, value: { offsetMs } }))
  })

  app.get('/api/hub/settings/law-packs', { config: { may: 'setting:read' }, schema: { response: { 200: LawPacksView } } }, () => lawPacks(deps))

  app.put('/api/hub/settings/law-packs', {
    config: { may: 'setting:edit' }, schema: { body: EditLawPacks, response: { 200: LawPacksView } },
  }, (request) => editLawPacks(deps, actorOf(request), request.body))

  app.get('/api/hub/settings/company-name', { config: { may: 'setting:read' }, schema: { response: { 200: CompanyName } } }, async () => {
    const { version, value } = await currentSetting(deps, 'company-name')
    return { version, name: String(value) }
  })

  app.put('/api/hub/settings/company-name', {
    config: { may: 'setting:edit' }, schema: { body: CompanyName, response: { 200: CompanyName } },
  }, async (request) => {
    const { version, name } = request.body
    const saved = await editSetting(deps, actorOf(request), { key: 'company-name', version, value: name })
    return { version: saved.version, name }
  })
}
