import { useMutation } from '@tanstack/react-query'
import { App, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { dncListsQuery, type DncList } from './dnc-queries'
import { useListName } from './list-name'

/** One number: which lists hold it, onto a list, off a list. Never kept in the address or in a cache. */
export function DncNumbers({ lists }: { lists: readonly DncList[] }) {
  const { t } = useTranslation('compliance')
  const nameOf = useListName()
  const { message } = App.useApp()
  const mayEdit = useMay('dnc:edit')
  const ours = lists.filter(({ kind }) => kind !== 'registry')
  const [phone, setPhone] = useState('')
  const [reason, setReason] = useState('')
  const [listId, setListId] = useState(ours[0]?.listId ?? '')
  const find = useMutation({ mutationFn: (number: string) => answer(api.POST('/api/dialer/dnc/search', { body: { phone: number } })), gcTime: 0 })
  const again = async (text: string): Promise<void> => {
    void message.success(text)
    find.mutate(phone)
    await queryClient.invalidateQueries({ queryKey: dncListsQuery.queryKey })
  }
  const add = useMutation({
    mutationFn: () => answer(api.POST('/api/dialer/dnc/lists/{listId}/numbers', { params: { path: { listId } }, body: { phone, reason: reason.trim() } })),
    onSuccess: ({ changed }) => again(t(changed ? 'dnc.added' : 'dnc.already')), gcTime: 0,
  })
  const remove = useMutation({
    mutationFn: (from: string) => answer(api.POST('/api/dialer/dnc/lists/{listId}/numbers/remove', { params: { path: { listId: from } }, body: { phone, reason: reason.trim() } })),
    onSuccess: ({ changed }) => again(t(changed ? 'dnc.removed' : 'dnc.notThere')), gcTime: 0,
  })
  const failure = find.error ?? add.error ?? remove.error
  const noReason = reason.trim() === ''
  return (
    <section className="panel">
      <h2>{t('dnc.search')}</h2>
      <div className="inside stack">
        <form className="row wrap" style={{ gap: 12, alignItems: 'flex-end' }} onSubmit={(event) => { event.preventDefault(); find.mutate(phone) }}>
          <Field id="dnc-phone" label={t('dnc.phone')}><Input id="dnc-phone" type="tel" autoComplete="off" required placeholder={t('dnc.searchHint')} style={{ width: 200 }} value={phone} onChange={(event) => { setPhone(event.target.value); find.reset() }} /></Field>
          <Button htmlType="submit" disabled={phone.trim() === ''} loading={find.isPending}>{t('dnc.find')}</Button>
          {mayEdit && <>
            <Field id="dnc-list" label={t('dnc.list')}><Select<string> id="dnc-list" style={{ width: 200 }} value={listId} onChange={setListId} options={ours.map((list) => ({ value: list.listId, label: nameOf(list) }))} /></Field>
            <Field id="dnc-reason" label={t('dnc.reason')}><Input id="dnc-reason" maxLength={300} placeholder={t('dnc.reasonHint')} style={{ width: 240 }} value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
            <Button type="primary" disabled={phone.trim() === '' || noReason || listId === ''} loading={add.isPending} onClick={() => add.mutate()}>{t('dnc.add')}</Button>
          </>}
        </form>
        <div aria-live="polite">
          {failure && <Failure error={failure} />}
          {find.data && <Hits hits={find.data.items} takeOff={mayEdit && !noReason ? (from) => remove.mutate(from) : null} />}
        </div>
      </div>
    </section>
  )
}

interface Hit {
  listId: string
  kind: 'own' | 'campaign' | 'registry'
  name: string
  reason: string | null
  addedBy: string | null
  addedAt: string
}

function Hits({ hits, takeOff }: { hits: readonly Hit[]; takeOff: ((listId: string) => void) | null }) {
  const { t } = useTranslation('compliance')
  const format = useFormat()
  const nameOf = useListName()
  if (hits.length === 0) return <p style={{ color: 'var(--accent)' }}>✓ {t('dnc.nowhere')}</p>
  return (
    <ul className="stack" style={{ gap: 6 }}>
      {hits.map((hit) => (
        <li key={hit.listId} className="row wrap">
          <strong style={{ color: 'var(--warn)' }}>■ {t('dnc.on', { name: nameOf(hit) })}</strong>
          <span>{hit.addedBy?.startsWith('customer:') ? t('dnc.bySaid') : hit.reason}</span><span className="quiet">{t('dnc.addedBy', { time: format.instant(hit.addedAt) })}</span>
          {takeOff && hit.kind !== 'registry' && <Button type="link" size="small" onClick={() => takeOff(hit.listId)}>{t('dnc.remove')}</Button>}
        </li>
      ))}
    </ul>
  )
}
