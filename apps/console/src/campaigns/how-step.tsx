import { Checkbox, InputNumber, Segmented, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { Field } from '../parts/field'
import { MinuteInput } from '../parts/minute-input'
import { OutcomeSign } from '../parts/state-sign'
import { RETRIED, type Draft } from './campaign-draft'
import '../i18n/pacing-words'
import { Saying } from './saying'

const MODES = ['agentless', 'preview', 'progressive', 'ratio', 'predictive'] as const

type Change = (next: Partial<Draft>) => void

/** How to dial: pace, times, caps, and what follows each outcome. */
export function HowStep({ draft, change }: { draft: Draft; change: Change }) {
  const { t } = useTranslation()
  const { t: pacing } = useTranslation('pacing')
  const isPaced = draft.mode === 'ratio' || draft.mode === 'predictive'
  const number = (id: string, label: string, value: number | null, set: (value: number) => void, limits: { min: number; max: number; step?: number }, unit: string) => (
    <Field id={id} label={label}><InputNumber id={id} {...limits} value={value} suffix={unit} style={{ width: 150 }} onChange={(next) => { if (next !== null) set(next) }} /></Field>
  )
  return (
    <div className="stack" style={{ gap: 20 }}>
      <Field id="mode" label={t('campaign.create.mode')} hint={draft.mode === 'ratio' || draft.mode === 'predictive' ? pacing(`modeHint.${draft.mode}`) : t(`campaign.create.modeHint.${draft.mode}`)}>
        <Segmented id="mode" value={draft.mode} options={MODES.map((value) => ({ value, label: t(`campaign.mode.${value}`) }))} onChange={(mode) => change({ mode })} />
      </Field>
      {draft.mode !== 'agentless' && (
        <div className="row" style={{ gap: 16, alignItems: 'start' }}>
          {number('wrap-up', t('campaign.create.wrapUp'), draft.wrapUpMs / 1_000, (seconds) => change({ wrapUpMs: Math.round(seconds * 1_000) }), { min: 0, max: 1_800 }, t('campaign.create.seconds'))}
          {draft.mode === 'preview' && number('preview', t('campaign.create.preview'), draft.previewMs / 1_000, (seconds) => change({ previewMs: Math.round(seconds * 1_000) }), { min: 5, max: 600 }, t('campaign.create.seconds'))}
          {draft.mode === 'ratio' && number('calls-per-agent', pacing('callsPerAgent'), draft.callsPerAgent, (callsPerAgent) => change({ callsPerAgent }), { min: 1, max: 5, step: 0.1 }, pacing('calls'))}
          {isPaced && (
            <div style={{ flex: '1 1 240px' }}>
              <Field id="cap" label={pacing('cap')} hint={pacing('capHint')}>
                <InputNumber id="cap" min={0} max={10} step={0.1} value={Math.round(draft.abandonCap * 1_000) / 10} suffix="%" style={{ width: 150 }} onChange={(percent) => { if (percent !== null) change({ abandonCap: Math.round(percent * 10) / 1_000 }) }} />
              </Field>
            </div>
          )}
        </div>
      )}
      <div style={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(170px, 1fr))', gap: 16 }}>
        {number('rate', t('campaign.create.rate'), draft.ratePerSecond, (ratePerSecond) => change({ ratePerSecond }), { min: 0.1, max: 2_000 }, t('campaign.create.rateUnit'))}
        {number('concurrent', t('campaign.create.concurrent'), draft.maxConcurrent, (maxConcurrent) => change({ maxConcurrent: Math.round(maxConcurrent) }), { min: 1, max: 20_000 }, t('campaign.create.concurrentUnit'))}
        {number('ring', t('campaign.create.ring'), draft.ringTimeMs / 1_000, (seconds) => change({ ringTimeMs: Math.round(seconds * 1_000) }), { min: 5, max: 120 }, t('campaign.create.seconds'))}
        {number('per-day', t('campaign.create.perDay'), draft.attemptsPerPersonPerDay, (attemptsPerPersonPerDay) => change({ attemptsPerPersonPerDay: Math.round(attemptsPerPersonPerDay) }), { min: 1, max: 10 }, t('campaign.create.times'))}
      </div>
      <Field id="from" label={t('campaign.create.hours')} hint={t('campaign.create.hoursHint')}>
        <div className="row">
          <MinuteInput id="from" minutes={draft.hours.from} onChange={(from) => change({ hours: { ...draft.hours, from } })} />–
          <MinuteInput label={t('campaign.create.hours')} minutes={draft.hours.to} onChange={(to) => change({ hours: { ...draft.hours, to } })} />
        </div>
      </Field>
      {draft.mode === 'agentless' && <Field id="hang-up" label={t('campaign.create.hangUp')} hint={t('campaign.create.hangUpHint')}>
        <InputNumber id="hang-up" min={0} max={3_600} value={draft.hangUpAfterMs === null ? null : draft.hangUpAfterMs / 1_000} suffix={t('campaign.create.seconds')} style={{ width: 150 }} onChange={(seconds) => change({ hangUpAfterMs: seconds === null ? null : Math.round(seconds * 1_000) })} />
      </Field>}
      {draft.mode !== 'agentless' && <Saying draft={draft} change={change} />}
      <Retries draft={draft} change={change} />
      <Field id="finish" label={t('campaign.create.finish')} hint={t('campaign.create.finishHint')}><Switch id="finish" checked={draft.finishWhenEmpty} onChange={(finishWhenEmpty) => change({ finishWhenEmpty })} /></Field>
    </div>
  )
}

function Retries({ draft: { retry }, change }: { draft: Draft; change: Change }) {
  const { t } = useTranslation()
  const set = (outcome: Outcome, minutes: number | undefined): void => {
    const { [outcome]: _before, ...others } = retry.afterMinutes
    change({ retry: { ...retry, afterMinutes: minutes === undefined ? others : { ...others, [outcome]: minutes } } })
  }
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend style={{ fontSize: 13, color: 'var(--ink-2)', padding: 0, marginBottom: 4 }}>{t('campaign.create.retry')}</legend>
      <div className="row" style={{ marginBottom: 8 }}>
        <label htmlFor="max-attempts">{t('campaign.create.maxAttempts')}</label>
        <InputNumber id="max-attempts" size="small" min={1} max={20} precision={0} value={retry.maxAttempts} suffix={t('campaign.create.times')} style={{ width: 100 }} onChange={(count) => { if (count !== null) change({ retry: { ...retry, maxAttempts: count } }) }} />
      </div>
      <div className="retries">{RETRIED.map((outcome) => {
        const minutes = retry.afterMinutes[outcome]
        return (
          <div key={outcome} className="retry-row">
            <Checkbox checked={minutes !== undefined} onChange={(event) => set(outcome, event.target.checked ? 60 : undefined)}><OutcomeSign outcome={outcome} /></Checkbox>
            {minutes === undefined ? <span className="quiet">{t('campaign.create.noRetry')}</span>
              : <InputNumber size="small" aria-label={`${t(`outcome.${outcome}`)} ${t('campaign.create.minutes')}`} style={{ width: 140 }} min={0} max={43_200} precision={0} value={minutes} suffix={t('campaign.create.minutes')} onChange={(next) => set(outcome, next ?? 0)} />}
          </div>
        )
      })}</div>
      <div className="quiet small">{t('campaign.create.retryHint')}</div>
    </fieldset>
  )
}
