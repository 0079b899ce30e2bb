import { Select } from 'antd'
import { useLineQualityWords } from '../i18n/line-quality-words'
import { Field } from '../parts/field'
import type { Draft } from './campaign-draft'

const POLICIES = ['priority', 'least-cost', 'learned'] as const

/** Which of the lines that may carry the campaign comes first. */
export function RoutingChoice({ routing, onChange }: { routing: Draft['routing']; onChange: (routing: Draft['routing']) => void }) {
  const words = useLineQualityWords()
  return (
    <Field id="routing" label={words.routing} hint={words.policyHelp[routing]}>
      <Select<Draft['routing']> id="routing" value={routing} style={{ width: 260 }} onChange={onChange} options={POLICIES.map((value) => ({ value, label: words.policy[value] }))} />
    </Field>
  )
}
