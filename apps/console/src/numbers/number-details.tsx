import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallerIdView } from '@loopline/contracts/caller-id'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { linesQuery } from '../lines/line-queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { useFormat } from '../words/format'
import { Answers, Health, Use } from './number-columns'
import { useGroupName } from './number-groups'
import { groupsQuery, refreshNumbers } from './number-queries'
import { NUMBERS } from './number-words'

/** One number: how it stands, and what may be said of it. */
export function NumberDetails({ number, mayEdit }: { number: CallerIdView; mayEdit: boolean }) {
  const { t } = useTranslation(NUMBERS)
  const format = useFormat()
  return (
    <div className="stack">
      <div><Health number={number} whole /><div className="quiet small" style={{ marginTop: 4 }}>{t('edit.since', { date: format.instant(number.stateAt) })}</div></div>
      <div className="two">
        <div><div className="quiet small">{t('column.hour')}</div><Use used={number.usedHour} quota={number.quotaHour} label={t('column.hour')} /></div>
        <div><div className="quiet small">{t('column.day')}</div><Use used={number.usedDay} quota={number.quotaDay} label={t('column.day')} /></div>
      </div>
      <div><div className="quiet small">{t('column.rate')}</div><Answers days={number.days} /></div>
      {mayEdit && <EditNumber number={number} />}
    </div>
  )
}

function EditNumber({ number }: { number: CallerIdView }) {
  const { t } = useTranslation(NUMBERS)
  const { message } = App.useApp()
  const lines = useQuery(linesQuery)
  const groups = useQuery(groupsQuery)
  const groupName = useGroupName()
  const shown = number.province === null ? '' : number.province
  const [draft, setDraft] = useState({ lineIds: number.lineIds, groupId: number.groupId, region: shown, proof: number.proof, note: number.note, quotaHour: number.ownQuotaHour, quotaDay: number.ownQuotaDay })
  const set = (next: Partial<typeof draft>): void => setDraft({ ...draft, ...next })
  const save = useMutation({
    mutationFn: () => {
      const { region, ...fields } = draft
      // The place is told again only where it was written anew: its city is known more exactly than its province says.
      return answer(api.PATCH('/api/dialer/caller-ids/{callerId}', { params: { path: { callerId: number.callerId } }, body: { ...fields, version: number.version, ...(region !== shown && { region: region || null }) } }))
    },
    onSuccess: async () => {
      await refreshNumbers()
      void message.success(t('edit.saved'))
    },
  })
  const group = groups.data?.find(({ groupId }) => groupId === draft.groupId)
  const asGroup = (quota: number | null | undefined): string => (quota === null || quota === undefined ? t('quota.asGroupUnlimited') : t('quota.asGroup', { count: quota }))
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Field id="number-lines" label={t('new.lines')} required><Select id="number-lines" mode="multiple" style={{ width: '100%' }} value={draft.lineIds} onChange={(lineIds) => set({ lineIds })} options={(lines.data ?? []).map(({ lineId, name }) => ({ value: lineId, label: name }))} /></Field>
      <Field id="number-group" label={t('column.group')}><Select id="number-group" style={{ width: '100%' }} value={draft.groupId} onChange={(groupId) => set({ groupId })} options={(groups.data ?? []).map(({ groupId }) => ({ value: groupId, label: groupName(groupId) }))} /></Field>
      <div className="two">
        <Field id="number-hour" label={t('quota.hour')}><InputNumber id="number-hour" min={1} style={{ width: '100%' }} placeholder={asGroup(group?.quotaHour)} value={draft.quotaHour} onChange={(quotaHour) => set({ quotaHour })} /></Field>
        <Field id="number-day" label={t('quota.day')}><InputNumber id="number-day" min={1} style={{ width: '100%' }} placeholder={asGroup(group?.quotaDay)} value={draft.quotaDay} onChange={(quotaDay) => set({ quotaDay })} /></Field>
      </div>
      <Field id="number-region" label={t('edit.region')} hint={t('edit.regionHint')}><Input id="number-region" maxLength={40} value={draft.region} onChange={(event) => set({ region: event.target.value })} /></Field>
      <Field id="number-proof" label={t('new.proof')} hint={t('new.proofHint')}><Input id="number-proof" maxLength={500} value={draft.proof} onChange={(event) => set({ proof: event.target.value })} /></Field>
      <Field id="number-note" label={t('edit.note')}><Input id="number-note" maxLength={500} value={draft.note} onChange={(event) => set({ note: event.target.value })} /></Field>
      {save.isError && <Failure error={save.error} />}
      <div className="row end"><Button type="primary" htmlType="submit" disabled={draft.lineIds.length === 0} loading={save.isPending}>{t('edit.save')}</Button></div>
    </form>
  )
}
