import { useTranslation } from 'react-i18next'
import { useWord } from '../words/reason'
import { asked, isGroup, readGroup, takesNothing, type Group, type Leaf } from './tree'
import { useNames } from '../session/people'

/** A condition in a few words, for lists and chips. */
export function useConditionText(): (tree: unknown) => string {
  const { t } = useTranslation()
  const word = useWord()
  const names = useNames()
  const valueText = (field: string, value: unknown): string => {
    if (typeof value === 'boolean') return t(value ? 'frame.yes' : 'frame.no')
    if (field === 'ownerId') return names(String(value)) ?? String(value)
    const family = ({ status: 'status', intent: 'intent', lastOutcome: 'outcome', marketingConsent: 'consent', recordingConsent: 'consent' } as const)[field]
    return family ? word(family, String(value)) : String(value)
  }
  const leafText = ({ field, operator, value }: Leaf): string => {
    const name = t(`field.${field}`)
    if (operator === 'olderThanDays' || operator === 'withinLastDays') return t(`condition.short.${operator}`, { field: name, value: String(value) })
    const values = takesNothing(operator) ? '' : (Array.isArray(value) ? value : [value]).map((one) => valueText(field, one)).join('/')
    return t('condition.short.plain', { field: name, op: t(`condition.op.${operator as '='}`), value: values }).trim()
  }
  const groupText = ({ combinator, rules }: Group): string =>
    rules.map((node) => (isGroup(node) ? t('condition.short.group', { inner: groupText(node) }) : leafText(node))).join(t(combinator === 'and' ? 'condition.and' : 'condition.or'))
  return (tree) => {
    const group = readGroup(tree)
    if (!group) return t('condition.complex')
    const complete = asked(group)
    return complete ? groupText(complete) : t('condition.everyone')
  }
}
