import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Input, InputNumber, Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallerIdView, ChangeCallerIds } from '@loopline/contracts/caller-id'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { useGroupName } from './number-groups'
import { groupsQuery, refreshNumbers } from './number-queries'
import { NUMBERS } from './number-words'

export type Act = ChangeCallerIds['act']
const HOURS = [1, 24, 168, 720, 0] as const

interface Draft {
  reason: string
  hours: (typeof HOURS)[number]
  groupId: string | null
  quotaHour: number | null
  quotaDay: number | null
}
const FRESH: Draft = { reason: '', hours: 168, groupId: null, quotaHour: null, quotaDay: null }

/** Asks what is still to be known before many numbers are changed, and changes them. */
export function ChangeNumbers({ act, numbers, done }: { act: Act | null; numbers: readonly CallerIdView[]; done: (changed: boolean) => void }) {
  const { t } = useTranslation(NUMBERS)
  return <Modal open={act !== null} onCancel={() => done(false)} footer={null} title={act && t(`ask.${act}`, { count: numbers.length })} destroyOnHidden>{act !== null && <Form act={act} numbers={numbers} done={done} />}</Modal>
}

function Form({ act, numbers, done }: { act: Act; numbers: readonly CallerIdView[]; done: (changed: boolean) => void }) {
  const { t } = useTranslation(NUMBERS)
  const { t: common } = useTranslation()
  const { message } = App.useApp()
  const groups = useQuery(groupsQuery)
  const groupName = useGroupName()
  const [draft, setDraft] = useState(FRESH)
  const set = (next: Partial<Draft>): void => setDraft({ ...draft, ...next })
  const save = useMutation({
    mutationFn: () => answer(api.POST('/api/dialer/caller-ids/changes', { body: changeOf(act, numbers.map(({ callerId }) => callerId), draft) })),
    onSuccess: async ({ changed }) => {
      await refreshNumbers()
      void message.success(t('ask.done', { count: changed }))
      done(true)
    },
  })
  const isReady = act === 'move' ? draft.groupId !== null : act === 'quota' || draft.reason.trim() !== ''
  const asks = act === 'rest' || act === 'wake' || act === 'release'
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (isReady) save.mutate() }}>
      {act === 'release' && <p className="quiet">{t('ask.releaseText')}</p>}
      {act === 'wake' && <p className="quiet">{t('ask.wakeText')}</p>}
      {act === 'rest' && <Field id="rest-hours" label={t('ask.hours')}><Select id="rest-hours" style={{ width: '100%' }} value={draft.hours} onChange={(hours) => set({ hours })} options={HOURS.map((value) => ({ value, label: t(`ask.forHours.h${value}`) }))} /></Field>}
      {asks && <Field id="change-reason" label={t('ask.reason')} required><Input id="change-reason" autoFocus maxLength={200} value={draft.reason} onChange={(event) => set({ reason: event.target.value })} /></Field>}
      {act === 'move' && <Field id="change-group" label={t('ask.group')} required><Select id="change-group" style={{ width: '100%' }} value={draft.groupId} onChange={(groupId) => set({ groupId })} options={(groups.data ?? []).map(({ groupId }) => ({ value: groupId, label: groupName(groupId) }))} /></Field>}
      {act === 'quota' && (
        <>
          <div className="two">
            <Field id="change-hour" label={t('quota.hour')}><InputNumber id="change-hour" autoFocus min={1} style={{ width: '100%' }} suffix={t('quota.calls')} value={draft.quotaHour} onChange={(quotaHour) => set({ quotaHour })} /></Field>
            <Field id="change-day" label={t('quota.day')}><InputNumber id="change-day" min={1} style={{ width: '100%' }} suffix={t('quota.calls')} value={draft.quotaDay} onChange={(quotaDay) => set({ quotaDay })} /></Field>
          </div>
          <p className="quiet small">{t('ask.quotaText')}</p>
        </>
      )}
      {save.isError && <Failure error={save.error} />}
      <div className="row end"><Button onClick={() => done(false)}>{common('frame.cancel')}</Button><Button type="primary" htmlType="submit" danger={act === 'release'} disabled={!isReady} loading={save.isPending}>{t(`act.${act}`)}</Button></div>
    </form>
  )
}

function changeOf(act: Act, callerIds: string[], { reason, hours, groupId, quotaHour, quotaDay }: Draft): ChangeCallerIds {
  switch (act) {
    case 'rest': return { act, callerIds, reason, hours: hours === 0 ? null : hours }
    case 'wake': return { act, callerIds, reason }
    case 'release': return { act, callerIds, reason }
    case 'move': return { act, callerIds, groupId: groupId as string }
    case 'quota': return { act, callerIds, quotaHour, quotaDay }
  }
}
