import { isId } from '@loopline/vocabulary/ids'
import { RULE_ACTIONS } from '@loopline/vocabulary/rule-actions'
import type { ParameterSpec, RuleAction, RuleActionKind } from '@loopline/vocabulary/rule-actions'

export type ActionErrorCode = 'ACTION_UNKNOWN' | 'PARAMETER_WRONG' | 'PARAMETER_OUT_OF_RANGE'

export type ParsedAction =
  | { readonly ok: true; readonly action: RuleAction }
  | { readonly ok: false; readonly code: ActionErrorCode }

/** Checks one action of a stored rule against RULE_ACTIONS. Keys that no action knows are dropped. */
export function parseAction(json: unknown): ParsedAction {
  if (typeof json !== 'object' || json === null) return { ok: false, code: 'ACTION_UNKNOWN' }
  const given = json as Readonly<Record<string, unknown>>
  const kind = given['kind']
  if (typeof kind !== 'string' || !Object.hasOwn(RULE_ACTIONS, kind)) return { ok: false, code: 'ACTION_UNKNOWN' }
  const { parameter } = RULE_ACTIONS[kind as RuleActionKind]
  if (parameter === null) return { ok: true, action: { kind } as RuleAction }
  const value = given[parameter.name]
  const code = faultOf(parameter, value)
  return code ? { ok: false, code } : { ok: true, action: { kind, [parameter.name]: value } as unknown as RuleAction }
}

function faultOf(parameter: ParameterSpec, value: unknown): ActionErrorCode | null {
  switch (parameter.form) {
    case 'integer':
      if (!Number.isInteger(value)) return 'PARAMETER_WRONG'
      return (value as number) < parameter.min || (value as number) > parameter.max ? 'PARAMETER_OUT_OF_RANGE' : null
    case 'choice': return typeof value === 'string' && parameter.values.includes(value) ? null : 'PARAMETER_WRONG'
    case 'assignee': return typeof value === 'string' && (value === 'senior-seller' || isId(value)) ? null : 'PARAMETER_WRONG'
    case 'text':
      if (typeof value !== 'string' || value.trim() === '') return 'PARAMETER_WRONG'
      return value.length > parameter.lengthMax ? 'PARAMETER_OUT_OF_RANGE' : null
  }
}
