import { EditOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, InputNumber, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallerIdGroupView, CreateCallerIdGroup } from '@loopline/contracts/caller-id'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { Bones, Slow } from '../parts/slow'
import { groupsQuery, refreshNumbers } from './number-queries'
import { NUMBERS } from './number-words'

/** What a group is called; the two that are there from the beginning have a name in each language. */
export function useGroupName(): (groupId: string) => string {
  const { t } = useTranslation(NUMBERS)
  const { data = [] } = useQuery(groupsQuery)
  const nameOf = new Map(data.map(({ groupId, name }) => [groupId, name === 'default' || name === 'unlimited' ? t(`builtIn.${name}`) : name]))
  return (groupId) => nameOf.get(groupId) ?? '–'
}

type Draft = CreateCallerIdGroup
const FRESH: Draft = { name: '', quotaHour: 20, quotaDay: 60, channelsStart: 1, channelsMax: 5, rampCalls: 20, pauseSeconds: 0, holdDays: 30, watched: true, restHours: 720 }

/** The groups and what holds for their numbers. */
export function NumberGroups({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation(NUMBERS)
  const { data, error, isPending, refetch } = useQuery(groupsQuery)
  const groupName = useGroupName()
  const [edited, setEdited] = useState<CallerIdGroupView | 'new' | null>(null)
  if (edited !== null) return <GroupForm group={edited === 'new' ? null : edited} done={() => setEdited(null)} />
  const limit = (value: number | null): string => (value === null ? t('unlimited') : String(value))
  return (
    <div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {isPending && <Slow><Bones /></Slow>}
      {data?.map((group) => (
        <div key={group.groupId} className="group-row">
          <div className="grow">
            <div style={{ fontWeight: 550 }}>{groupName(group.groupId)} <span className="quiet small numbers">{t('group.numbers', { count: group.numbers })}</span></div>
            <div className="quiet small numbers">{t('group.summary', { hour: limit(group.quotaHour), day: limit(group.quotaDay), channels: group.channelsMax === null ? t('unlimited') : `${group.channelsStart ?? 1}–${group.channelsMax}` })}</div>
          </div>
          {mayEdit && <Button type="text" size="small" icon={<EditOutlined />} aria-label={`${t('group.edit')}: ${groupName(group.groupId)}`} onClick={() => setEdited(group)} />}
        </div>
      ))}
      <p className="quiet small" style={{ marginBlock: 12 }}>{t('group.folklore')}</p>
      {mayEdit && <Button icon={<PlusOutlined />} onClick={() => setEdited('new')}>{t('group.new')}</Button>}
    </div>
  )
}

type Limit = 'quotaHour' | 'quotaDay' | 'channelsStart' | 'channelsMax'
type Amount = 'rampCalls' | 'pauseSeconds' | 'holdDays' | 'restHours'
const UNITS = { quotaHour: 'calls', quotaDay: 'calls', channelsStart: 'channels', channelsMax: 'channels', rampCalls: 'calls', pauseSeconds: 'seconds', holdDays: 'days', restHours: 'hoursUnit' } as const

function GroupForm({ group, done }: { group: CallerIdGroupView | null; done: () => void }) {
  const { t } = useTranslation(NUMBERS)
  const { t: common } = useTranslation()
  const groupName = useGroupName()
  const [draft, setDraft] = useState<Draft>(() => (group ? fieldsOf(group) : FRESH))
  const set = (next: Partial<Draft>): void => setDraft({ ...draft, ...next })
  const after = { onSuccess: async () => { await refreshNumbers(); done() } }
  const save = useMutation({
    mutationFn: () => (group ? answer(api.PATCH('/api/dialer/caller-id-groups/{groupId}', { params: { path: { groupId: group.groupId } }, body: { ...draft, version: group.version } })) : answer(api.POST('/api/dialer/caller-id-groups', { body: draft }))),
    ...after,
  })
  const remove = useMutation({ mutationFn: () => answer(api.DELETE('/api/dialer/caller-id-groups/{groupId}', { params: { path: { groupId: group?.groupId ?? '' } } })), ...after })
  const isBuiltIn = group !== null && (group.name === 'default' || group.name === 'unlimited')
  const limit = (key: Limit) => <Field id={`group-${key}`} label={t(`group.${key}`)}><InputNumber id={`group-${key}`} min={1} style={{ width: '100%' }} placeholder={t('group.unlimited')} suffix={t(`group.${UNITS[key]}`)} value={draft[key]} onChange={(value) => set({ [key]: value })} /></Field>
  const amount = (key: Amount, min: number) => <Field id={`group-${key}`} label={t(`group.${key}`)}><InputNumber id={`group-${key}`} min={min} style={{ width: '100%' }} suffix={t(`group.${UNITS[key]}`)} value={draft[key]} onChange={(value) => set({ [key]: value ?? min })} /></Field>
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Field id="group-name" label={t('group.name')} required>{isBuiltIn ? <Input id="group-name" disabled value={groupName(group.groupId)} /> : <Input id="group-name" required autoFocus maxLength={100} value={draft.name} onChange={(event) => set({ name: event.target.value })} />}</Field>
      <div className="two">{limit('quotaHour')}{limit('quotaDay')}{limit('channelsStart')}{limit('channelsMax')}{amount('rampCalls', 1)}{amount('pauseSeconds', 0)}{amount('restHours', 1)}{amount('holdDays', 0)}</div>
      <p className="quiet small">{t('group.folklore')}</p>
      <Checkbox checked={draft.watched} onChange={(event) => set({ watched: event.target.checked })}>{t('group.watched')}</Checkbox>
      {(save.error ?? remove.error) && <Failure error={save.error ?? remove.error} />}
      <div className="row end">
        {group && !isBuiltIn && <Popconfirm title={`${t('group.remove')}?`} onConfirm={() => remove.mutate()}><Button danger type="text" disabled={group.numbers > 0}>{t('group.remove')}</Button></Popconfirm>}
        <span className="grow" /><Button onClick={done}>{common('frame.cancel')}</Button><Button type="primary" htmlType="submit" disabled={draft.name.trim() === ''} loading={save.isPending}>{common('frame.save')}</Button>
      </div>
    </form>
  )
}

function fieldsOf({ name, quotaHour, quotaDay, channelsStart, channelsMax, rampCalls, pauseSeconds, holdDays, watched, restHours }: CallerIdGroupView): Draft {
  return { name, quotaHour, quotaDay, channelsStart, channelsMax, rampCalls, pauseSeconds, holdDays, watched, restHours }
}
