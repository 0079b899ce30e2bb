import type { RuleId } from '@loopline/vocabulary/ids'
import type { EventOf } from './event.ts'

/** State event: the whole rule book at one version, so that no reader ever mixes two. */
export interface RuleBook {
  version: number
  /** Rules in order as engines/rules takes them (see `RuleView` in rule.ts). */
  rules: { id: RuleId; version: number; name: string; enabled: boolean; when: string; condition: unknown; actions: unknown[]; stop: boolean }[]
  /** Level → priority and the like, editable. */
  priorityByLevel: Record<string, number>
}

export type RulesChanged = EventOf<'crm.rule.changed', RuleBook>
