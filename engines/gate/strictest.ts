import { assert } from '@loopline/vocabulary/assert'
import { narrow } from './calling-hours.ts'
import { PACK_FIELDS } from './law-pack.ts'
import type { LawPack, PackField } from './law-pack.ts'

/** What is known of where a callee is: beginnings of the numbers (country and, in North America, area), and the zone. */
export interface CalleePlace {
  readonly prefixes: readonly string[]
  readonly timeZone: string | null
}

/**
 * The packs that may hold for this callee: each that fits one of the numbers or the zone. Where none does, all of them: who
 * may be anywhere is treated by the strictest; but then without registries, of which none is known to be his.
 */
export function packsFor(place: CalleePlace, packs: readonly LawPack[]): readonly LawPack[] {
  const fitting = packs.filter((pack) => fits(place, pack))
  return fitting.length > 0 ? fitting : packs.map((pack) => (pack.registries.length > 0 ? { ...pack, registries: [] } : pack))
}

function fits({ prefixes, timeZone }: CalleePlace, { places }: LawPack): boolean {
  if (timeZone !== null && places.zones.includes(timeZone)) return true
  return places.prefixes.some((start) => prefixes.some((prefix) => prefix.startsWith(start)))
}

/** One pack in which of each rule the strictest holds. Its id names all of them with their versions, when there are several. */
export function strictest(packs: readonly LawPack[]): LawPack {
  const [first, ...others] = packs
  assert(first !== undefined, 'the strictest of no packs is no pack')
  return others.reduce(stricter, first)
}

function stricter(one: LawPack, other: LawPack): LawPack {
  return {
    id: `${one.id}+${other.id}`,
    version: Math.max(one.version, other.version),
    places: { prefixes: [...one.places.prefixes, ...other.places.prefixes], zones: [...one.places.zones, ...other.places.zones] },
    hours: narrow(one.hours, other.hours),
    specialDays: [...one.specialDays, ...other.specialDays],
    attemptsPerDayMax: Math.min(one.attemptsPerDayMax, other.attemptsPerDayMax),
    caps: [...one.caps, ...other.caps],
    abandonedLockMs: Math.max(one.abandonedLockMs, other.abandonedLockMs),
    ...strictestShare(one, other),
    connectWithinMs: Math.min(one.connectWithinMs, other.connectWithinMs),
    ringTimeMsMin: Math.max(one.ringTimeMsMin, other.ringTimeMsMin),
    registries: [...one.registries, ...other.registries.filter(({ registry }) => !one.registries.some((known) => known.registry === registry))],
    announcedCounts: one.announcedCounts && other.announcedCounts,
    recordingRequired: one.recordingRequired || other.recordingRequired,
    sources: Object.fromEntries(PACK_FIELDS.map((field) => [field, bothSources(one, other, field)])) as Record<PackField, string>,
  }
}

/** The lower share; of two equal ones the shorter window, in which a bad hour shows sooner. */
function strictestShare(one: LawPack, other: LawPack): Pick<LawPack, 'abandonRateMax' | 'abandonWindowMs'> {
  return { abandonRateMax: Math.min(one.abandonRateMax, other.abandonRateMax), abandonWindowMs: Math.min(one.abandonWindowMs, other.abandonWindowMs) }
}

const bothSources = (one: LawPack, other: LawPack, field: PackField): string =>
  (one.sources[field] === other.sources[field] ? one.sources[field] : `${one.sources[field]} · ${other.sources[field]}`)
