import { useMutation } from '@tanstack/react-query'
import { Alert, App, Button, Checkbox, Input, InputNumber, Select } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineView } from '@loopline/contracts/line'
import { LINE_TYPES, type LineType } from '@loopline/vocabulary/customer'
import { dialledForm, NUMBER_FORMATS } from '@loopline/vocabulary/dialled-number'
import type { E164 } from '@loopline/vocabulary/phone'
import { answer } from '../api/answer'
import { api, ApiError } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import '../i18n/line-words'
import { changesIn, contested, draftOf, FRESH, type Draft } from './line-draft'
import { linesQuery } from './line-queries'

interface Base {
  line: LineView | null
  /** What somebody else saved meanwhile and the person changed too. */
  contested: (keyof Draft)[]
}

/** A line's address, numbers and limits. The password is written, never read back. */
export function LineForm({ line, done }: { line: LineView | null; done: () => void }) {
  const { t } = useTranslation()
  const { t: word } = useTranslation('line')
  const { message } = App.useApp()
  const [base, setBase] = useState<Base>({ line, contested: [] })
  const [draft, setDraft] = useState<Draft>(() => (line ? draftOf(line) : FRESH))
  const set = (next: Partial<Draft>): void => setDraft({ ...draft, ...next })
  const save = useMutation({
    mutationFn: () => {
      if (base.line) return answer(api.PATCH('/api/dialer/lines/{lineId}', { params: { path: { lineId: base.line.lineId } }, body: { ...changesIn(draft, draftOf(base.line)), version: base.line.version } }))
      const { authPassword, ...others } = draft
      return answer(api.POST('/api/dialer/lines', { body: authPassword ? draft : others }))
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: linesQuery.queryKey })
      void message.success(t('line.form.saved'))
      done()
    },
    onError: (error) => {
      const current = currentOf(error)
      if (current === null || base.line === null) return
      const before = draftOf(base.line)
      setBase({ line: current, contested: contested(draft, before, draftOf(current)) })
      setDraft({ ...draftOf(current), ...changesIn(draft, before) })
    },
  })
  const text = (key: TextKey, more: { required?: boolean; hint?: string; label?: string } = {}): ReactNode => (
    <Field id={`line-${key}`} label={more.label ?? t(`line.form.${key as 'name'}`)} {...(more.required && { required: true })} {...(more.hint && { hint: more.hint })}>
      <Input id={`line-${key}`} required={more.required ?? false} value={draft[key] ?? ''} maxLength={200} onChange={(event) => set({ [key]: event.target.value === '' && key.startsWith('auth') ? null : event.target.value })} />
    </Field>
  )
  const number = (key: 'maxConcurrent' | 'maxPerSecond' | 'weight', max: number): ReactNode => (
    <Field id={`line-${key}`} label={t(`line.form.${key}`)}><InputNumber id={`line-${key}`} min={key === 'weight' ? 0 : 1} max={max} value={draft[key]} onChange={(value) => set({ [key]: value ?? 1 })} style={{ width: '100%' }} /></Field>
  )
  const isContested = save.isError && currentOf(save.error) !== null && base.line !== null
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Pair>{text('name', { required: true })}<Field id="line-type" label={t('line.form.type')}><Select<LineType> id="line-type" style={{ width: '100%' }} value={draft.type} onChange={(type) => set({ type })} options={LINE_TYPES.map((value) => ({ value, label: t(`lineType.${value}`) }))} /></Field></Pair>
      <Section title={word('section.address')}>
        {text('remote', { required: true, hint: t('line.form.remoteHint') })}
        {text('local', { hint: t('line.form.localHint') })}
        <Field id="line-transport" label={word('transport')} hint={word('transportHint')}><Select<Draft['transport']> id="line-transport" style={{ width: '100%' }} value={draft.transport} onChange={(transport) => set({ transport })} options={(['udp', 'tcp', 'tls'] as const).map((value) => ({ value, label: value.toUpperCase() }))} /></Field>
        {draft.transport === 'tls' && <Field id="line-ca" label={word('tlsCa')} hint={word('tlsCaHint')}><Input.TextArea id="line-ca" rows={3} maxLength={20_000} value={draft.tlsCa ?? ''} onChange={(event) => set({ tlsCa: event.target.value === '' ? null : event.target.value })} /></Field>}
        <Pair>{text('authUser')}<Field id="line-password" label={t('line.form.authPassword')} hint={line ? t('line.form.passwordKept') : undefined}><Input.Password id="line-password" autoComplete="new-password" value={draft.authPassword ?? ''} onChange={(event) => set({ authPassword: event.target.value || null })} /></Field></Pair>
        {text('authRealm', { hint: word('realmHint') })}
        <Checkbox checked={draft.registers} onChange={(event) => set({ registers: event.target.checked })}>{word('registers')}</Checkbox>
        {draft.registers && <Field id="line-register-seconds" label={word('registerSeconds')}><InputNumber id="line-register-seconds" min={60} max={86_400} precision={0} value={draft.registerSeconds} onChange={(seconds) => set({ registerSeconds: seconds ?? 300 })} style={{ width: '100%' }} /></Field>}
        <Field id="line-srtp" label={t('line.form.srtp')} hint={t('line.form.srtpHint')}><Select<Draft['srtp']> id="line-srtp" style={{ width: '100%' }} value={draft.srtp} onChange={(srtp) => set({ srtp })} options={(['off', 'offer', 'required'] as const).map((value) => ({ value, label: t(`line.form.srtpWish.${value}`) }))} /></Field>
        <Field id="line-codecs" label={word('codecs')} hint={word('codecsHint')}><Select id="line-codecs" style={{ width: '100%' }} value={draft.codecs.join(', ')} onChange={(codecs) => set({ codecs: codecs.split(', ') as Draft['codecs'] })} options={['PCMA, PCMU', 'PCMU, PCMA', 'PCMA', 'PCMU'].map((value) => ({ value, label: value }))} /></Field>
      </Section>
      <Section title={word('section.numbers')}>
        <Field id="line-caller-ids" label={t('line.form.callerIds')} hint={t('line.form.callerIdsHint')} required><Tags id="line-caller-ids" value={draft.callerIds} onChange={(callerIds) => set({ callerIds })} /></Field>
        <Pair>
          <Field id="line-format" label={t('line.form.numberFormat')}><Select<Draft['numberFormat']> id="line-format" style={{ width: '100%' }} value={draft.numberFormat} onChange={(numberFormat) => set({ numberFormat })} options={NUMBER_FORMATS.map((value) => ({ value, label: t(`line.form.format.${value}`) }))} /></Field>
          {text('countryCode', { label: word('countryCode'), required: true })}
        </Pair>
        <Pair>{text('stripPrefix', { label: word('stripPrefix') })}{text('addPrefix', { label: word('addPrefix') })}</Pair>
        <FormPreview draft={draft} />
        <Field id="line-places" label={word('mayCall')} hint={word('mayCallHint')}><Tags id="line-places" value={draft.mayCall} onChange={(mayCall) => set({ mayCall })} /></Field>
      </Section>
      <Section title={word('section.limits')}>
        <Columns>{number('maxConcurrent', 20_000)}{number('maxPerSecond', 5_000)}{number('weight', 100)}</Columns>
      </Section>
      <Section title={word('section.contract')}>
        <Pair>{text('carrier')}{text('contract')}</Pair>
        {text('permittedUse', { label: word('permittedUse'), hint: word('permittedUseHint') })}
        <Tariff value={draft.tariff} onChange={(tariff) => set({ tariff })} />
      </Section>
      <div className="stack" style={{ gap: 8 }}>
        <Checkbox checked={draft.enabled} onChange={(event) => set({ enabled: event.target.checked })}>{t('line.form.enabled')}</Checkbox>
        <Checkbox checked={draft.probe} onChange={(event) => set({ probe: event.target.checked })}>{t('line.form.probe')}</Checkbox>
        <Checkbox checked={draft.sandbox} onChange={(event) => set({ sandbox: event.target.checked })}>{t('line.form.sandbox')}</Checkbox>
      </div>
      {isContested && <Alert type="warning" showIcon title={word('conflict', { version: base.line?.version })}
        description={base.contested.map((field) => <div key={field}>{word('conflictField', { field, theirs: shown((base.line as LineView)[field as keyof LineView]) || word('empty') })}</div>)} />}
      {save.isError && !isContested && <Failure error={save.error} />}
      <div className="row end"><Button onClick={done}>{t('frame.cancel')}</Button><Button type="primary" htmlType="submit" disabled={draft.callerIds.length === 0} loading={save.isPending}>{t('frame.save')}</Button></div>
    </form>
  )
}

type TextKey = 'name' | 'remote' | 'local' | 'carrier' | 'contract' | 'authUser' | 'authRealm' | 'countryCode' | 'stripPrefix' | 'addPrefix' | 'permittedUse'

/** The line as somebody else saved it, from the refusal of an edit that came later. */
function currentOf(error: unknown): LineView | null {
  if (!(error instanceof ApiError) || error.code !== 'VERSION_CONFLICT') return null
  return (error.details as { current?: LineView } | undefined)?.current ?? null
}

const shown = (value: LineView[keyof LineView]): string => (value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value))

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <fieldset className="stack line-section"><legend>{title}</legend>{children}</fieldset>
}

function Pair({ children }: { children: ReactNode }) {
  return <div style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 12 }}>{children}</div>
}

function Columns({ children }: { children: ReactNode }) {
  return <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(90px, 1fr))', gap: 12 }}>{children}</div>
}

function Tags({ id, value, onChange }: { id: string; value: string[]; onChange: (value: string[]) => void }) {
  return <Select<string[]> id={id} mode="tags" open={false} suffix={null} style={{ width: '100%' }} value={value} onChange={onChange} tokenSeparators={[',', ' ', '，']} />
}

const SAMPLES = ['+8618612345678', '+861065551234', '+14155550123'] as E164[]

/** What the rules make of a mobile, a landline and a number of abroad. */
function FormPreview({ draft }: { draft: Draft }) {
  const { t } = useTranslation('line')
  return (
    <Field id="line-preview" label={t('preview')} hint={t('previewHint')}>
      <output id="line-preview" className="numbers small">{SAMPLES.map((sample) => <div key={sample}>{sample} → <b>{dialledForm(draft, sample)}</b></div>)}</output>
    </Field>
  )
}

const TARIFF: NonNullable<Draft['tariff']> = { perMinute: 0, currency: 'CNY', firstSeconds: 60, stepSeconds: 60 }

function Tariff({ value, onChange }: { value: Draft['tariff']; onChange: (value: Draft['tariff']) => void }) {
  const { t } = useTranslation('line')
  const set = (next: Partial<typeof TARIFF>): void => onChange({ ...(value ?? TARIFF), ...next })
  const seconds = (key: 'firstSeconds' | 'stepSeconds'): ReactNode => (
    <Field id={`line-${key}`} label={t(key)}><InputNumber id={`line-${key}`} min={1} max={600} precision={0} disabled={value === null} value={value?.[key] ?? null} onChange={(amount) => set({ [key]: amount ?? 60 })} style={{ width: '100%' }} /></Field>
  )
  return (
    <Field id="line-perMinute" label={t('perMinute')} hint={t('tariffHint')}>
      <Columns>
        <InputNumber id="line-perMinute" min={0} max={1_000} step={0.01} value={value?.perMinute ?? null} onChange={(perMinute) => (perMinute === null ? onChange(null) : set({ perMinute }))} style={{ width: '100%' }} />
        <Input aria-label={t('currency')} maxLength={3} disabled={value === null} value={value?.currency ?? ''} onChange={(event) => set({ currency: event.target.value.toUpperCase() })} />
      </Columns>
      <Columns>{seconds('firstSeconds')}{seconds('stepSeconds')}</Columns>
    </Field>
  )
}
