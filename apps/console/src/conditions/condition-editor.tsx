import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import { peopleQuery } from '../session/people'
import { useMay } from '../session/me'
import { useWord } from '../words/reason'
import { freshLeaf, freshValue, OFFERED, OPERATORS_OFFERED, takesDays, takesList, takesNothing, typeOf, type FieldName, type Group, type Leaf, type Operator } from './tree'

/** A few conditions on customers, all or any of them. */
export function ConditionEditor({ group, onChange }: { group: Group; onChange: (group: Group) => void }) {
  const { t } = useTranslation()
  const replace = (index: number, leaf: Leaf): void => onChange({ ...group, rules: group.rules.map((other, at) => (at === index ? leaf : other)) })
  return (
    <div className="stack" style={{ gap: 8 }}>
      {group.rules.length > 1 && (
        <Segmented<Group['combinator']> size="small" style={{ alignSelf: 'start' }} value={group.combinator} onChange={(combinator) => onChange({ ...group, combinator })}
          options={[{ value: 'and', label: t('condition.all') }, { value: 'or', label: t('condition.any') }]} />
      )}
      {group.rules.map((leaf, index) => (
        <div key={index} className="row">
          <LeafEditor leaf={leaf} onChange={(next) => replace(index, next)} />
          <Button type="text" icon={<DeleteOutlined />} aria-label={t('condition.remove')} onClick={() => onChange({ ...group, rules: group.rules.filter((_, at) => at !== index) })} />
        </div>
      ))}
      <Button type="dashed" size="small" icon={<PlusOutlined />} style={{ alignSelf: 'start' }}
        onClick={() => onChange({ ...group, rules: [...group.rules, freshLeaf(OFFERED.find((field) => !group.rules.some((leaf) => leaf.field === field)) ?? 'level')] })}>
        {t('condition.add')}
      </Button>
    </div>
  )
}

function LeafEditor({ leaf, onChange }: { leaf: Leaf; onChange: (leaf: Leaf) => void }) {
  const { t } = useTranslation()
  const operators = OPERATORS_OFFERED[typeOf(leaf.field)]
  const known: readonly string[] = operators
  return (
    <>
      <Select<FieldName> aria-label={t('condition.field')} style={{ width: 148, flex: 'none' }} value={leaf.field} showSearch={{ optionFilterProp: 'label' }}
        options={OFFERED.map((field) => ({ value: field, label: t(`field.${field}`) }))} onChange={(field) => onChange(freshLeaf(field))} />
      {operators.length > 1 && (
        <Select<string> aria-label={t('condition.operator')} style={{ width: 152, flex: 'none' }} value={leaf.operator}
          options={(known.includes(leaf.operator) ? operators : [...operators, leaf.operator as Operator]).map((operator) => ({ value: operator, label: t(`condition.op.${operator}`) }))}
          onChange={(operator) => onChange({ ...leaf, operator, value: takesList(operator) === takesList(leaf.operator) && takesDays(operator) === takesDays(leaf.operator) && !takesNothing(operator) && leaf.value !== null ? leaf.value : freshValue(leaf.field, operator) })} />
      )}
      {!takesNothing(leaf.operator) && <ValueEditor leaf={leaf} onChange={(value) => onChange({ ...leaf, value })} />}
    </>
  )
}

function ValueEditor({ leaf: { field, operator, value }, onChange }: { leaf: Leaf; onChange: (value: unknown) => void }) {
  const { t } = useTranslation()
  const options = useValueOptions(field)
  const label = t('condition.value')
  if (takesDays(operator)) return <InputNumber aria-label={label} min={0} max={36_500} precision={0} value={value as number} onChange={(days) => onChange(days ?? 0)} suffix={t('condition.days')} style={{ width: 120 }} />
  if (takesList(operator)) {
    return <Select<string[]> aria-label={label} className="grow" mode={options ? 'multiple' : 'tags'} value={value as string[]} onChange={onChange} options={options ?? []} placeholder={t(options ? 'condition.pick' : 'condition.words')} showSearch={{ optionFilterProp: 'label' }} />
  }
  switch (typeOf(field)) {
    case 'boolean': return <Select<'yes' | 'no'> aria-label={label} style={{ width: 100 }} value={value === true ? 'yes' : 'no'} onChange={(choice) => onChange(choice === 'yes')} options={[{ value: 'yes', label: t('frame.yes') }, { value: 'no', label: t('frame.no') }]} />
    case 'number': return <InputNumber aria-label={label} min={0} precision={0} value={value as number} onChange={(number) => onChange(number ?? '')} style={{ width: 120 }} />
    default: return <Input aria-label={label} className="grow" value={value as string} maxLength={200} onChange={(event) => onChange(event.target.value)} />
  }
}

/** The closed list of a field's values, in words; null when any text may stand. */
function useValueOptions(field: FieldName): { value: string; label: string }[] | null {
  const word = useWord()
  const people = useQuery({ ...peopleQuery, enabled: useMay('user:read') && typeOf(field) === 'id' })
  const described = CUSTOMER_FIELDS[field]
  if (described.type === 'id') return (people.data ?? []).map(({ userId, name }) => ({ value: userId, label: name }))
  if (described.type !== 'choice') return null
  const family = { status: 'status', intent: 'intent', lastOutcome: 'outcome', marketingConsent: 'consent', recordingConsent: 'consent', level: 'level' } as const
  return described.values.map((value) => ({ value, label: word(family[field as keyof typeof family], value) }))
}
