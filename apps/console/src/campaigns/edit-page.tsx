import { useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Checkbox, Input, Steps } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CampaignView } from '@loopline/contracts/campaign'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { ConditionEditor } from '../conditions/condition-editor'
import { useConditionText } from '../conditions/condition-words'
import { linesQuery } from '../lines/line-queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { Page } from '../parts/page'
import { LineStateSign } from '../parts/state-sign'
import { useMay } from '../session/me'
import { minuteOfDay } from '../words/format'
import { AudienceCount } from './audience-count'
import { audienceOf, draftOf, FRESH, settingsOf, type Draft } from './campaign-draft'
import { campaignListQuery, campaignQuery } from './campaign-queries'
import { HowStep } from './how-step'
import { RoutingChoice } from './routing-choice'
import './campaign.css'

export function NewCampaignPage() {
  return <CampaignSteps before={null} />
}

export function EditCampaignPage() {
  const { campaignId } = useParams({ from: '/frame/campaigns/$campaignId/edit' })
  const { data } = useSuspenseQuery(campaignQuery(campaignId))
  return <CampaignSteps before={data} />
}

/** Whom, how, over which lines; the count of whom stays in sight in every step. */
function CampaignSteps({ before }: { before: CampaignView | null }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const mayRun = useMay('campaign:run')
  const [step, setStep] = useState(0)
  const [draft, setDraft] = useState<Draft>(() => (before ? draftOf(before) : FRESH))
  const change = (next: Partial<Draft>): void => setDraft((old) => ({ ...old, ...next }))
  const save = useMutation({
    mutationFn: async (start: boolean) => {
      const saved = before ? await edit(before, draft) : await answer(api.POST('/api/dialer/campaigns', { body: settingsOf(draft) }))
      queryClient.setQueryData(campaignQuery(saved.campaignId).queryKey, saved)
      void queryClient.invalidateQueries({ queryKey: campaignListQuery.queryKey })
      void navigate({ to: '/campaigns/$campaignId', params: { campaignId: saved.campaignId } })
      if (!start) return void message.success(t('campaign.create.saved'))
      queryClient.setQueryData(campaignQuery(saved.campaignId).queryKey, await answer(api.POST('/api/dialer/campaigns/{campaignId}/start', { params: { path: { campaignId: saved.campaignId } }, body: { version: saved.version } })))
    },
  })
  const unnamed = draft.name.trim() === ''
  return (
    <Page title={t(before ? 'campaign.create.editTitle' : 'campaign.create.title')} back={before ? { to: `/campaigns/${before.campaignId}`, word: before.name } : { to: '/campaigns', word: t('campaign.title') }}>
      <Steps current={step} onChange={setStep} size="small" style={{ maxWidth: 640, marginBottom: 24 }} items={[{ title: t('campaign.create.stepAudience') }, { title: t('campaign.create.stepHow') }, { title: t('campaign.create.stepLines') }]} />
      <div className="sides">
        <div className="panel">
          <div className="inside stack" style={{ gap: 20, padding: 20 }}>
            {step === 0 && <AudienceStep draft={draft} change={change} />}
            {step === 1 && <HowStep draft={draft} change={change} />}
            {step === 2 && <LinesStep draft={draft} change={change} />}
            {save.isError && <Failure error={save.error} />}
            <div className="row">
              {step > 0 && <Button onClick={() => setStep(step - 1)}>{t('campaign.create.back')}</Button>}
              <span className="grow" />
              {step < 2 && <Button type="primary" onClick={() => setStep(step + 1)}>{t('campaign.create.next')}</Button>}
              {step === 2 && (
                <>
                  <Button disabled={unnamed} loading={save.isPending} onClick={() => save.mutate(false)}>{t(before ? 'frame.save' : 'campaign.create.save')}</Button>
                  {(!before || before.state === 'draft') && mayRun && <Button type="primary" disabled={unnamed} loading={save.isPending} onClick={() => save.mutate(true)}>{t('campaign.create.saveStart')}</Button>}
                </>
              )}
            </div>
          </div>
        </div>
        <AudienceCount audience={audienceOf(draft)} />
      </div>
    </Page>
  )
}

const edit = ({ campaignId, version }: CampaignView, draft: Draft): Promise<CampaignView> =>
  answer(api.PATCH('/api/dialer/campaigns/{campaignId}', { params: { path: { campaignId } }, body: { ...settingsOf(draft), version } }))

interface StepProps {
  draft: Draft
  change: (next: Partial<Draft>) => void
}

function NameField({ draft, change }: StepProps) {
  const { t } = useTranslation()
  return <Field id="campaign-name" label={t('campaign.create.name')} required><Input id="campaign-name" required maxLength={100} placeholder={t('campaign.create.namePlaceholder')} value={draft.name} onChange={(event) => change({ name: event.target.value })} /></Field>
}

function AudienceStep({ draft, change }: StepProps) {
  const { t } = useTranslation()
  const condition = useConditionText()
  return (
    <>
      <NameField draft={draft} change={change} />
      <div>
        <div style={{ fontSize: 13, color: 'var(--ink-2)', marginBottom: 8 }}>{t('campaign.create.audience')}</div>
        {draft.nested === null ? <ConditionEditor group={draft.audience} onChange={(audience) => change({ audience })} /> : <p>{condition(draft.nested)}</p>}
        <p className="quiet small" style={{ marginTop: 10 }}>{draft.audience.rules.length === 0 && draft.nested === null ? `${t('campaign.count.everyone')} ` : ''}{t('campaign.create.audienceText')}</p>
      </div>
    </>
  )
}

function LinesStep({ draft, change }: StepProps) {
  const { t } = useTranslation()
  const condition = useConditionText()
  const { data } = useQuery({ ...linesQuery, enabled: useMay('line:read') })
  return (
    <>
      <div>
        <div style={{ fontSize: 13, color: 'var(--ink-2)', marginBottom: 8 }}>{t('campaign.create.lines')}</div>
        <Checkbox.Group value={draft.lineIds} onChange={(lineIds) => change({ lineIds })} style={{ display: 'flex', flexDirection: 'column', gap: 8 }}>
          {(data ?? []).map((line) => (
            <Checkbox key={line.lineId} value={line.lineId} disabled={!line.enabled}>
              {line.name} <span className="quiet">· {t(`lineType.${line.type}`)} · <LineStateSign state={line.state} />{line.sandbox ? ` · ${t('line.sandbox')}` : ''}</span>
            </Checkbox>
          ))}
        </Checkbox.Group>
        <p className="quiet small" style={{ marginTop: 8 }}>{t('campaign.create.linesHint')}</p>
      </div>
      <RoutingChoice routing={draft.routing} onChange={(routing) => change({ routing })} />
      <NameField draft={draft} change={change} />
      <div>
        <div style={{ fontSize: 13, color: 'var(--ink-2)', marginBottom: 4 }}>{t('campaign.create.review')}</div>
        <ul style={{ fontSize: 13, lineHeight: 1.8 }}>
          <li>{condition(audienceOf(draft))}</li>
          <li>{t('campaign.pace', { rate: draft.ratePerSecond, concurrent: draft.maxConcurrent })} · {t('campaign.live.ring', { seconds: draft.ringTimeMs / 1_000 })}</li>
          <li>{t('campaign.live.hours', { from: minuteOfDay(draft.hours.from), to: minuteOfDay(draft.hours.to) })} · {t('campaign.live.perDay', { count: draft.attemptsPerPersonPerDay })} · {t('campaign.live.retry', { count: draft.retry.maxAttempts })}</li>
          <li>{draft.lineIds.length === 0 ? t('campaign.create.anyLine') : (data ?? []).filter(({ lineId }) => draft.lineIds.includes(lineId)).map(({ name }) => name).join(', ')}</li>
        </ul>
      </div>
    </>
  )
}
