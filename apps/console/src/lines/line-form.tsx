import { useMutation } from '@tanstack/react-query'
import { App, Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { CreateLine, LineView } from '@loopline/contracts/line'
import { LINE_TYPES, type LineType } from '@loopline/vocabulary/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { linesQuery } from './line-queries'

type Draft = z.infer<typeof CreateLine>

const FRESH: Draft = {
  name: '', type: 'voip', enabled: true, remote: '', local: '127.0.0.1:0', authUser: null, authPassword: null, authRealm: null, numberFormat: 'e164', callerIds: [],
  maxConcurrent: 100, maxPerSecond: 10, weight: 10, sandbox: false, probe: true, srtp: 'off', carrier: '', contract: '',
}

function draftOf({ lineId: _id, version: _version, state: _state, stateReason: _reason, inUse: _use, attemptsLastHour: _attempts, connectRateLastHour: _rate, soundLastHour: _sound, ...fields }: LineView): Draft {
  return { ...fields, authPassword: null }
}

/** A line's address, numbers and limits. The password is written, never read back. */
export function LineForm({ line, done }: { line: LineView | null; done: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [draft, setDraft] = useState<Draft>(() => (line ? draftOf(line) : FRESH))
  const set = (next: Partial<Draft>): void => setDraft({ ...draft, ...next })
  const save = useMutation({
    mutationFn: () => {
      const { authPassword, ...others } = draft
      // An empty password box keeps the one that is there.
      const body = authPassword ? draft : others
      return line ? answer(api.PATCH('/api/dialer/lines/{lineId}', { params: { path: { lineId: line.lineId } }, body: { ...changesOf(body, line), version: line.version } })) : answer(api.POST('/api/dialer/lines', { body }))
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: linesQuery.queryKey })
      void message.success(t('line.form.saved'))
      done()
    },
  })
  const text = (key: 'name' | 'remote' | 'local' | 'carrier' | 'contract' | 'authUser' | 'authRealm', more: { required?: boolean; hint?: string } = {}): ReactNode => (
    <Field id={`line-${key}`} label={t(`line.form.${key}`)} {...more}>
      <Input id={`line-${key}`} required={more.required ?? false} value={draft[key] ?? ''} maxLength={200} onChange={(event) => set({ [key]: event.target.value === '' && key.startsWith('auth') ? null : event.target.value })} />
    </Field>
  )
  const number = (key: 'maxConcurrent' | 'maxPerSecond' | 'weight', max: number): ReactNode => (
    <Field id={`line-${key}`} label={t(`line.form.${key}`)}><InputNumber id={`line-${key}`} min={key === 'weight' ? 0 : 1} max={max} value={draft[key]} onChange={(value) => set({ [key]: value ?? 1 })} style={{ width: '100%' }} /></Field>
  )
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Pair>{text('name', { required: true })}<Field id="line-type" label={t('line.form.type')}><Select<LineType> id="line-type" style={{ width: '100%' }} value={draft.type} onChange={(type) => set({ type })} options={LINE_TYPES.map((value) => ({ value, label: t(`lineType.${value}`) }))} /></Field></Pair>
      {text('remote', { required: true, hint: t('line.form.remoteHint') })}
      {text('local', { hint: t('line.form.localHint') })}
      <Field id="line-caller-ids" label={t('line.form.callerIds')} hint={t('line.form.callerIdsHint')} required><Select<string[]> id="line-caller-ids" mode="tags" open={false} suffix={null} style={{ width: '100%' }} value={draft.callerIds} onChange={(callerIds) => set({ callerIds })} tokenSeparators={[',', ' ', '，']} /></Field>
      <Field id="line-format" label={t('line.form.numberFormat')}><Select<Draft['numberFormat']> id="line-format" style={{ width: '100%' }} value={draft.numberFormat} onChange={(numberFormat) => set({ numberFormat })} options={(['e164', 'e164-no-plus', 'national'] as const).map((value) => ({ value, label: t(`line.form.format.${value}`) }))} /></Field>
      <Field id="line-srtp" label={t('line.form.srtp')} hint={t('line.form.srtpHint')}><Select<Draft['srtp']> id="line-srtp" style={{ width: '100%' }} value={draft.srtp} onChange={(srtp) => set({ srtp })} options={(['off', 'offer', 'required'] as const).map((value) => ({ value, label: t(`line.form.srtpWish.${value}`) }))} /></Field>
      <Pair>{text('authUser')}<Field id="line-password" label={t('line.form.authPassword')} hint={line ? t('line.form.passwordKept') : undefined}><Input.Password id="line-password" autoComplete="new-password" value={draft.authPassword ?? ''} onChange={(event) => set({ authPassword: event.target.value || null })} /></Field></Pair>
      {text('authRealm')}
      <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr 1fr', gap: 12 }}>{number('maxConcurrent', 20_000)}{number('maxPerSecond', 5_000)}{number('weight', 100)}</div>
      <Pair>{text('carrier')}{text('contract')}</Pair>
      <div className="stack" style={{ gap: 8 }}>
        <Checkbox checked={draft.enabled} onChange={(event) => set({ enabled: event.target.checked })}>{t('line.form.enabled')}</Checkbox>
        <Checkbox checked={draft.probe} onChange={(event) => set({ probe: event.target.checked })}>{t('line.form.probe')}</Checkbox>
        <Checkbox checked={draft.sandbox} onChange={(event) => set({ sandbox: event.target.checked })}>{t('line.form.sandbox')}</Checkbox>
      </div>
      {save.isError && <Failure error={save.error} />}
      <div className="row end"><Button onClick={done}>{t('frame.cancel')}</Button><Button type="primary" htmlType="submit" disabled={draft.callerIds.length === 0} loading={save.isPending}>{t('frame.save')}</Button></div>
    </form>
  )
}

/** Numbers that nobody touched here are the pool's matter, which may have changed them meanwhile. */
function changesOf<Body extends Pick<Draft, 'callerIds'>>({ callerIds, ...others }: Body, line: LineView): Omit<Body, 'callerIds'> & { callerIds?: string[] } {
  return callerIds.join() === line.callerIds.join() ? others : { ...others, callerIds }
}

function Pair({ children }: { children: ReactNode }) {
  return <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 12 }}>{children}</div>
}
