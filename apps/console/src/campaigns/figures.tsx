import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { CampaignView } from '@loopline/contracts/campaign'
import type { CampaignProgress } from '@loopline/contracts/campaign-event'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { PaceLine } from './pace-line'
import type { SpeedPoint } from './use-progress'

interface FiguresProps {
  campaign: CampaignView
  progress: CampaignProgress | undefined
  speed: readonly SpeedPoint[]
}

/** Where a campaign stands, in one row: what it reached first, then its pace and what bounds it, then who is still to call. */
export function Figures({ campaign, progress, speed }: FiguresProps) {
  const { t } = useTranslation()
  const format = useFormat()
  if (!progress) return <div className="panel inside" style={{ padding: 24 }}><Slow><Bones lines={2} /></Slow></div>
  const connected = progress.outcomes.connected ?? 0
  const ended = Object.values(progress.outcomes).reduce((sum, count) => sum + count, 0)
  const bound = progress.state === 'running' && isOwnBound(progress.holdReason) ? t(`reason.hold.${progress.holdReason}`) : ''
  return (
    <div className="figures">
      <dl>
        <Figure word={t('campaign.live.attempts')} value={format.number(progress.attempts)} />
        <Figure word={t('campaign.live.connected')} value={format.number(connected)} beside={ended > 0 ? format.percent(connected / ended) : ''} />
        {progress.abandonedShare !== null && <Figure word={t('campaign.live.abandoned')} value={format.percent(progress.abandonedShare)} beside={format.number(progress.outcomes.abandoned ?? 0)} />}
        <Figure word={t('campaign.live.inFlight')} value={format.number(progress.inFlight)} beside={`/ ${format.number(campaign.maxConcurrent)}`} />
        <Figure word={t('campaign.live.perSecond')} value={format.number(progress.attemptsPerSecond, 1)} beside={`/ ${format.number(campaign.ratePerSecond, 1)}`} note={bound}>
          <PaceLine speed={speed} wanted={campaign.ratePerSecond} />
        </Figure>
        <Figure minor word={t('campaign.live.pool')} value={format.number(progress.inPool)} />
        <Figure minor word={t('campaign.live.ready')} value={format.number(progress.ready)} />
        <Figure minor word={t('campaign.live.waiting')} value={format.number(progress.waiting)} />
        <Figure minor word={t('campaign.live.done')} value={format.number(progress.done)} beside={`/ ${format.number(progress.audience)}`} />
      </dl>
      <div className="done-bar" aria-hidden><span style={{ width: `${progress.audience === 0 ? 0 : (100 * progress.done) / progress.audience}%` }} /></div>
    </div>
  )
}

/** The campaign dials as it was told to: nothing holds it back that anybody must look at. */
export const isOwnBound = (reason: CampaignProgress['holdReason']): reason is 'own-rate' | 'own-concurrency' => reason === 'own-rate' || reason === 'own-concurrency'

interface FigureProps {
  word: string
  value: string
  beside?: string
  note?: string
  minor?: boolean
  children?: ReactNode
}

function Figure({ word, value, beside = '', note = '', minor = false, children }: FigureProps) {
  return (
    <div className={minor ? 'figure minor' : 'figure'}>
      <dt>{word}</dt>
      <dd>{value}{beside !== '' && <small> {beside}</small>}{children}{note !== '' && <small className="note">{note}</small>}</dd>
    </div>
  )
}
