import { Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../parts/failure'
import { useWord } from '../words/reason'
import { touched, type Conflict, type Edit, type EditableField } from './edit-conflict'
import { useFieldText } from './field-value'

/** Mine and theirs side by side, chosen field by field. */
export function ConflictDialog({ conflict, resolve }: { conflict: Conflict; resolve: (kept: Edit) => Promise<void> }) {
  const { t } = useTranslation()
  const word = useWord()
  const text = useFieldText()
  const { mine, base, current } = conflict
  const fields = touched(mine, base, current)
  const [kept, setKept] = useState<ReadonlySet<EditableField>>(new Set(fields))
  const [failed, setFailed] = useState<unknown>(null)
  const choose = (field: EditableField, keep: boolean): void => setKept((before) => new Set(keep ? [...before, field] : [...before].filter((other) => other !== field)))
  const finish = (edit: Edit): void => void resolve(edit).catch(setFailed)
  return (
    <Modal open width={640} title={t('customer.conflict.title')} okText={t('customer.conflict.save')} cancelText={t('customer.conflict.discard')} mask={{ closable: false }} closable={false}
      onOk={() => finish(Object.fromEntries(Object.entries(mine).filter(([field]) => kept.has(field as EditableField) || !fields.includes(field as EditableField))))}
      onCancel={() => finish({})}>
      <p className="quiet" style={{ marginBottom: 16 }}>{t('customer.conflict.text')}</p>
      <table className="list wrapped"><colgroup><col style={{ width: 88 }} /><col style={{ width: 140 }} /><col /><col /></colgroup>
        <thead><tr><th scope="col">{t('customer.conflict.field')}</th><th scope="col">{t('customer.conflict.before')}</th><th scope="col">{t('customer.conflict.mine')}</th><th scope="col">{t('customer.conflict.theirs')}</th></tr></thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field}>
              <th scope="row" style={{ position: 'static' }}>{word('field', field)}</th>
              <td className="quiet">{text(field, base[field])}</td>
              <td><Radio checked={kept.has(field)} onChange={() => choose(field, true)} aria-label={t('customer.conflict.keepMine')}>{text(field, mine[field])}</Radio></td>
              <td><Radio checked={!kept.has(field)} onChange={() => choose(field, false)} aria-label={t('customer.conflict.keepTheirs')}>{text(field, current[field])}</Radio></td>
            </tr>
          ))}
        </tbody>
      </table>
      {failed !== null && <div style={{ marginTop: 16 }}><Failure error={failed} /></div>}
    </Modal>
  )
}
