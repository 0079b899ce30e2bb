import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Input, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import { peopleQuery } from '../session/people'
import { useMay } from '../session/me'
import { useWord } from '../words/reason'
import { freshLeaf, freshValue, isGroup, LEVELS_MAX, OFFERED, OPERATORS_OFFERED, takesDays, takesList, takesNothing, typeOf, type FieldName, type Group, type Leaf, type Node, type Operator } from './tree'

interface GroupProps {
  group: Group
  onChange: (group: Group) => void
}

/** Conditions on customers and groups of them, all or any. */
export function ConditionEditor({ group, onChange }: GroupProps) {
  return <GroupEditor group={group} onChange={onChange} level={1} />
}

function GroupEditor({ group, onChange, level }: GroupProps & { level: number }) {
  const { t } = useTranslation()
  const replace = (index: number, node: Node): void => onChange({ ...group, rules: group.rules.with(index, node) })
  const add = (node: Node): void => onChange({ ...group, rules: [...group.rules, node] })
  return (
    <div className="stack" style={{ gap: 8 }}>
      {group.rules.length > 1 && (
        <Segmented<Group['combinator']> size="small" aria-label={t('condition.combine')} style={{ alignSelf: 'start' }} value={group.combinator} onChange={(combinator) => onChange({ ...group, combinator })}
          options={[{ value: 'and', label: t('condition.all') }, { value: 'or', label: t('condition.any') }]} />
      )}
      {group.rules.map((node, index) => {
        const remove = <Button type="text" icon={<DeleteOutlined />} aria-label={t(isGroup(node) ? 'condition.removeGroup' : 'condition.remove')} onClick={() => onChange({ ...group, rules: group.rules.toSpliced(index, 1) })} />
        if (!isGroup(node)) return <div key={index} className="row"><LeafEditor leaf={node} onChange={(next) => replace(index, next)} />{remove}</div>
        return (
          <div key={index} className="row" style={{ alignItems: 'start' }}>
            <div className="grow inner-group"><GroupEditor group={node} onChange={(next) => replace(index, next)} level={level + 1} /></div>
            {remove}
          </div>
        )
      })}
      <div className="row">
        <Button type="dashed" size="small" icon={<PlusOutlined />} onClick={() => add(nextLeaf(group))}>{t('condition.add')}</Button>
        {level < LEVELS_MAX && group.rules.length > 0 && <Button type="text" size="small" icon={<PlusOutlined />} onClick={() => add({ combinator: group.combinator === 'and' ? 'or' : 'and', rules: [nextLeaf(group)] })}>{t('condition.addGroup')}</Button>}
      </div>
    </div>
  )
}

/** On a field that the group does not ask about yet. */
function nextLeaf(group: Group): Leaf {
  return freshLeaf(OFFERED.find((field) => !group.rules.some((node) => !isGroup(node) && node.field === field)) ?? 'level')
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
