import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import { DEFAULT_PACKS } from '@loopline/gate/default-packs'
import type { LawPackView, LawPacksView } from '@loopline/contracts/law-pack'
import type { SettingState } from '@loopline/contracts/setting-event'
import type { Deps } from '../deps.ts'
import type { Actor } from '../audit/actor.ts'
import { hubError } from '../errors.ts'
import { changeSetting, currentSetting } from './change-setting.ts'

type Packs = z.infer<typeof LawPacksView>

const viewOf = ({ version, value }: SettingState): Packs => ({ version, packs: (value as { packs: LawPackView[] }).packs, defaults: DEFAULT_PACKS.map((pack) => structuredClone(pack) as unknown as LawPackView) })

export async function lawPacks(deps: Pick<Deps, 'db'>): Promise<Packs> {
  return viewOf(await currentSetting(deps, 'law-packs'))
}

/**
 * Puts another set of packs in force. What is stored with each decision is a pack's version, so a pack that differs from the
 * one before gets the next, whatever number came with it. The audit names what changed in which pack.
 *
 * @throws LAW_PACK_ZONE_UNKNOWN · VERSION_CONFLICT
 */
export async function editLawPacks(deps: Deps, actor: Actor, { version, packs }: { version: number; packs: readonly LawPackView[] }): Promise<Packs> {
  const unknown = packs.flatMap((pack) => pack.places.zones.filter((zone) => !isZone(zone)))
  if (unknown.length > 0) throw hubError('LAW_PACK_ZONE_UNKNOWN', { zones: unknown })
  const before = new Map((await lawPacks(deps)).packs.map((pack) => [pack.id, pack]))
  const numbered = packs.map((pack) => numberedAfter(before.get(pack.id), pack))
  const saved = await changeSetting(deps, { key: 'law-packs', version, value: { packs: numbered } }, actor.actorId)
  await deps.audit.record({ ...actor, action: 'edit-law-packs', subject: 'setting:law-packs', details: changes(before, numbered) })
  return viewOf(saved)
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function numberedAfter(before: LawPackView | undefined, pack: LawPackView): LawPackView {
  if (!before) return { ...pack, version: 1 }
  return fieldsThatDiffer(before, pack).length === 0 ? before : { ...pack, version: before.version + 1 }
}

function fieldsThatDiffer(before: LawPackView, after: LawPackView): string[] {
  return (Object.keys(after) as (keyof LawPackView)[]).filter((field) => field !== 'version' && !isDeepStrictEqual(before[field], after[field]))
}

function changes(before: ReadonlyMap<string, LawPackView>, after: readonly LawPackView[]): Record<string, unknown> {
  const kept = new Set(after.map(({ id }) => id))
  return {
    removed: [...before.keys()].filter((id) => !kept.has(id)),
    changed: after.flatMap((pack) => {
      const was = before.get(pack.id)
      const fields = was ? fieldsThatDiffer(was, pack) : []
      if (was && fields.length === 0) return []
      const picked = (one: LawPackView | undefined): object | null => (one ? Object.fromEntries(fields.map((field) => [field, one[field as keyof LawPackView]])) : null)
      return [{ id: pack.id, version: pack.version, before: picked(was), after: was ? picked(pack) : pack }]
    }),
  }
}
