import { untilEdited } from '../facts.ts'
import type { DialFacts, Moment, Refusal } from '../facts.ts'

const DAY_MS = 86_400_000

/** Where the law asks for a registry, its copy must be there and not too old. A pack may only warn instead. */
export function registryIsFresh({ registryCopies }: DialFacts, { instant, pack }: Moment): Refusal | null {
  if (registryCopies === undefined) return untilEdited('facts-missing')
  for (const { registry, ageDaysMax, whenOld } of pack.registries) {
    if (whenOld === 'warn') continue
    const copiedAt = registryCopies[registry]
    if (copiedAt === undefined) return untilEdited('registry-missing')
    if (instant - copiedAt > ageDaysMax * DAY_MS) return untilEdited('registry-old')
  }
  return null
}

/** Registries whose copy is missing or too old and of which the pack only warns. */
export function oldRegistries(registryCopies: Readonly<Record<string, number>>, { instant, pack }: Pick<Moment, 'instant' | 'pack'>): readonly string[] {
  return pack.registries
    .filter(({ registry, ageDaysMax }) => instant - (registryCopies[registry] ?? Number.NEGATIVE_INFINITY) > ageDaysMax * DAY_MS)
    .map(({ registry }) => registry)
}
