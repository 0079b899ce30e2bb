import { useMutation } from '@tanstack/react-query'
import { App, Button, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { INTENTS, type Intent } from '@loopline/vocabulary/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { Failure } from '../parts/failure'
import { keep } from './use-customer-edit'

/** Writes a follow-up. A text that was begun survives leaving the page and a reload. */
export function NoteBox({ customerId }: { customerId: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const key = `loopline.note.${customerId}`
  const [note, setNote] = useState(() => sessionStorage.getItem(key) ?? '')
  const [intent, setIntent] = useState<Intent | ''>('')
  useEffect(() => {
    if (note === '') sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, note)
  }, [key, note])
  const save = useMutation({
    mutationFn: () => answer(api.POST('/api/crm/customers/{customerId}/follow-ups', { params: { path: { customerId } }, body: { note: note.trim(), ...(intent ? { intent } : {}) } })),
    onSuccess: (customer) => {
      setNote('')
      setIntent('')
      keep(customer)
      void message.success(t('customer.note.saved'))
    },
  })
  const submit = (): void => { if (note.trim() !== '' && !save.isPending) save.mutate() }
  return (
    <div className="note-box">
      <Input.TextArea variant="borderless" aria-label={t('customer.timeline.followUp')} autoSize={{ minRows: 2, maxRows: 10 }} maxLength={5_000} placeholder={t('customer.note.placeholder')} value={note}
        onChange={(event) => setNote(event.target.value)} onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit() }} style={{ padding: 0 }} />
      <div className="row" style={{ marginTop: 8 }}>
        <Select<Intent | ''> size="small" variant="filled" style={{ minWidth: 150 }} aria-label={t('customer.note.intent')} value={intent} onChange={setIntent}
          options={[{ value: '', label: t('frame.pair', { name: t('customer.note.intent'), value: t('customer.note.keepIntent') }) }, ...INTENTS.map((value) => ({ value, label: t('frame.pair', { name: t('field.intent'), value: t(`intent.${value}`) }) }))]} />
        <span className="grow" />
        <span className="quiet small">{t('customer.note.hint')}</span>
        <Button type="primary" size="small" disabled={note.trim() === ''} loading={save.isPending} onClick={submit}>{t('customer.note.save')}</Button>
      </div>
      {save.isError && <div style={{ marginTop: 8 }}><Failure error={save.error} /></div>}
    </div>
  )
}
