import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import type { CampaignView } from '@loopline/contracts/campaign'
import { useStaleOnPush } from '../api/live-queries'
import { useConditionText } from '../conditions/condition-words'
import { linesQuery } from '../lines/line-queries'
import { Failure } from '../parts/failure'
import { Page } from '../parts/page'
import { Bones, Slow } from '../parts/slow'
import { CampaignStateSign, LineStateSign } from '../parts/state-sign'
import { useMay } from '../session/me'
import { minuteOfDay, useFormat } from '../words/format'
import { campaignQuery } from './campaign-queries'
import { Figures, isOwnBound } from './figures'
import { LatestCalls } from './latest-calls'
import { PacingPanel } from './pacing-panel'
import { OutcomeShare } from './outcome-share'
import { Steer } from './steer'
import { useProgress } from './use-progress'
import { WhyNotBox } from './why-not-box'
import './campaign.css'

/** The charts weigh more than the page: its numbers are there before them. */
const SpeedChart = lazy(async () => ({ default: (await import('./speed-chart')).SpeedChart }))

const WhyNotCounts = lazy(async () => ({ default: (await import('../compliance/why-not-counts')).WhyNotCounts }))

/** A campaign while it runs: numbers, outcomes, pace and its reason, latest calls. */
export function CampaignPage() {
  const { t } = useTranslation()
  const { campaignId } = useParams({ from: '/frame/campaigns/$campaignId' })
  const { data: campaign, error, refetch } = useQuery(campaignQuery(campaignId))
  const { progress, speed, error: noProgress } = useProgress(campaignId)
  if (error) return <div className="page narrow"><Failure error={error} retry={() => void refetch()} /></div>
  if (!campaign) return <div className="page"><Slow><Bones lines={8} /></Slow></div>
  return (
    <Page title={campaign.name} back={{ to: '/campaigns', word: t('campaign.title') }} lead={<CampaignStateSign state={campaign.state} />} actions={<Steer campaign={campaign} />}>
      <div className="stack">
        {campaign.state === 'running' && progress?.holdReason && !isOwnBound(progress.holdReason) && <div className="hold" role="status"><span aria-hidden>❚❚</span>{t('campaign.live.hold', { reason: t(`reason.hold.${progress.holdReason}`) })}</div>}
        {campaign.state === 'draft' && <div className="panel inside" style={{ padding: 16 }}><strong>{t('campaign.live.draftTitle')}</strong><p className="quiet">{t('campaign.live.draftText')}</p></div>}
        {noProgress ? <Failure error={noProgress} /> : <Figures campaign={campaign} progress={progress} speed={speed} />}
        {progress?.pacing && <PacingPanel pacing={progress.pacing} />}
        <div className="two">
          <section className="panel"><h2>{t('campaign.live.latest')}</h2><LatestCalls key={campaignId} campaignId={campaignId} /></section>
          <div className="stack">
            <section className="panel"><h2>{t('campaign.live.outcomes')}</h2><div className="inside"><OutcomeShare outcomes={progress?.outcomes ?? {}} /></div></section>
            <section className="panel"><h2>{t('customer.whyNot.title')}</h2><div className="inside"><WhyNotBox campaignId={campaignId} /><hr style={{ border: 0, borderTop: '1px solid var(--line)', margin: '16px 0' }} /><Suspense fallback={null}><WhyNotCounts key={campaignId} campaignId={campaignId} /></Suspense></div></section>
            <Lines campaign={campaign} />
            <section className="panel"><h2>{t('campaign.live.speed')}</h2><div className="inside" style={{ padding: '8px 8px 4px' }}><Suspense fallback={<div style={{ height: 148 }} />}><SpeedChart speed={speed} wanted={campaign.ratePerSecond} /></Suspense></div></section>
            <section className="panel"><h2>{t('campaign.live.settings')}</h2><div className="inside"><Settings campaign={campaign} /></div></section>
          </div>
        </div>
      </div>
    </Page>
  )
}

function Lines({ campaign }: { campaign: CampaignView }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useQuery({ ...linesQuery, enabled: useMay('line:read') })
  // Lines have no topic of their own: the campaign's numbers tell that something went over them.
  useStaleOnPush(linesQuery.queryKey, (message) => message.topic === 'campaign' && message.progress.campaignId === campaign.campaignId, 3_000)
  const lines = (data ?? []).filter(({ lineId, enabled }) => enabled && (campaign.lineIds.length === 0 || campaign.lineIds.includes(lineId)))
  if (lines.length === 0) return null
  return (
    <section className="panel">
      <h2>{t('campaign.live.lines')}</h2>
      <div className="inside stack" style={{ gap: 8 }}>
        {lines.map((line) => (
          <div key={line.lineId} className="row" style={{ fontSize: 13 }}>
            <LineStateSign state={line.state} /><span className="grow cut">{line.name} <span className="quiet">{t(`lineType.${line.type}`)}</span></span>
            <span className="numbers quiet">{format.number(line.inUse)} / {format.number(line.maxConcurrent)}</span>
          </div>
        ))}
      </div>
    </section>
  )
}

function Settings({ campaign }: { campaign: CampaignView }) {
  const { t } = useTranslation()
  const condition = useConditionText()
  return (
    <ul style={{ fontSize: 13, lineHeight: 1.9 }}>
      <li>{condition(campaign.audience)}</li>
      <li>{t('campaign.pace', { rate: campaign.ratePerSecond, concurrent: campaign.maxConcurrent })} · {t('campaign.live.ring', { seconds: campaign.ringTimeMs / 1_000 })}</li>
      <li>{t('campaign.live.hours', { from: minuteOfDay(campaign.hours.from), to: minuteOfDay(campaign.hours.to) })}</li>
      <li>{t('campaign.live.perDay', { count: campaign.attemptsPerPersonPerDay })} · {t('campaign.live.retry', { count: campaign.retry.maxAttempts })}</li>
    </ul>
  )
}
