import { UploadOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Input, Select } from 'antd'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallerIdsAdded } from '@loopline/contracts/caller-id'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { linesQuery } from '../lines/line-queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { useFormat } from '../words/format'
import { useGroupName } from './number-groups'
import { groupsQuery, refreshNumbers } from './number-queries'
import { NUMBERS } from './number-words'
import { numbersIn } from './numbers-in'

const MAX = 5_000
/** The group in which new numbers begin; the contract's constant would bring its checker into the page. */
const DEFAULT_GROUP = '00000000-0000-7000-8000-0000000000c1'

/** Numbers as a carrier sends them: pasted, or read from a file. */
export function AddNumbers({ done }: { done: () => void }) {
  const { t } = useTranslation(NUMBERS)
  const { t: common } = useTranslation()
  const { message } = App.useApp()
  const lines = useQuery(linesQuery)
  const groups = useQuery(groupsQuery)
  const groupName = useGroupName()
  const [text, setText] = useState('')
  const [lineIds, setLineIds] = useState<string[]>([])
  const [groupId, setGroupId] = useState(DEFAULT_GROUP)
  const [proof, setProof] = useState('')
  const file = useRef<HTMLInputElement>(null)
  const numbers = numbersIn(text)
  const save = useMutation({
    mutationFn: () => answer(api.POST('/api/dialer/caller-ids', { body: { numbers, lineIds, groupId, proof } })),
    onSuccess: async ({ added, refused }) => {
      await refreshNumbers()
      void message.success(t('new.done', { count: added }))
      if (refused.length === 0) done()
    },
  })
  const isReady = numbers.length > 0 && numbers.length <= MAX && lineIds.length > 0
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (isReady) save.mutate() }}>
      <Field id="new-numbers" label={t('new.paste')} hint={numbers.length > MAX ? t('new.tooMany') : t('new.count', { count: numbers.length })} required>
        <Input.TextArea id="new-numbers" autoFocus rows={8} className="numbers" placeholder={t('new.placeholder')} value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <div><input ref={file} type="file" accept=".csv,.txt,text/csv,text/plain" hidden onChange={({ target }) => void target.files?.[0]?.text().then(setText)} /><Button size="small" icon={<UploadOutlined />} onClick={() => file.current?.click()}>{t('new.file')}</Button></div>
      <Field id="new-lines" label={t('new.lines')} required><Select id="new-lines" mode="multiple" style={{ width: '100%' }} value={lineIds} onChange={setLineIds} options={(lines.data ?? []).map(({ lineId, name }) => ({ value: lineId, label: name }))} /></Field>
      <Field id="new-group" label={t('new.group')}><Select id="new-group" style={{ width: '100%' }} value={groupId} onChange={setGroupId} options={(groups.data ?? []).map((group) => ({ value: group.groupId, label: groupName(group.groupId) }))} /></Field>
      <Field id="new-proof" label={t('new.proof')} hint={t('new.proofHint')}><Input id="new-proof" maxLength={500} value={proof} onChange={(event) => setProof(event.target.value)} /></Field>
      {save.isError && <Failure error={save.error} />}
      {save.data && save.data.refused.length > 0 && <Refused refused={save.data.refused} />}
      <div className="row end"><Button onClick={done}>{common('frame.cancel')}</Button><Button type="primary" htmlType="submit" disabled={!isReady} loading={save.isPending}>{t('new.submit', { count: numbers.length })}</Button></div>
    </form>
  )
}

const SHOWN_MAX = 50

function Refused({ refused }: Pick<CallerIdsAdded, 'refused'>) {
  const { t } = useTranslation(NUMBERS)
  const format = useFormat()
  return (
    <div className="panel" role="status" style={{ padding: 12 }}>
      <div style={{ fontWeight: 550 }}>{t('new.refused', { count: refused.length })}</div>
      {refused.slice(0, SHOWN_MAX).map(({ number, reason, until }) => <div key={`${number} ${reason}`} className="small"><span className="numbers">{number}</span> <span className="quiet">{t(`new.reason.${reason}`)}{until && ` · ${t('untilTaken', { date: format.day(until) })}`}</span></div>)}
    </div>
  )
}
