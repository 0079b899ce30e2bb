import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CampaignWhyNot } from '@loopline/contracts/campaign'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { useReason } from '../words/reason'
import './compliance-words'

/** The whole list of a campaign: how many are callable now, and why the others are not. Counted when somebody asks for it. */
export function WhyNotCounts({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation('compliance')
  const [isAsked, setIsAsked] = useState(false)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['why-not-counts', campaignId], enabled: isAsked, staleTime: Infinity, gcTime: 0,
    queryFn: ({ signal }) => answer(api.GET('/api/dialer/campaigns/{campaignId}/why-not', { params: { path: { campaignId } }, signal })),
  })
  const ask = (): void => { if (isAsked) void refetch(); else setIsAsked(true) }
  return (
    <div className="stack" aria-live="polite" style={{ gap: 10 }}>
      <div className="row"><strong className="grow small">{t('counts.title')}</strong><Button size="small" loading={isFetching} onClick={ask}>{t(data ? 'counts.again' : 'counts.ask')}</Button></div>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {isFetching && !data && <Slow><Bones lines={3} /></Slow>}
      {data && <Counts counts={data} />}
    </div>
  )
}

function Counts({ counts }: { counts: CampaignWhyNot }) {
  const { t } = useTranslation('compliance')
  const format = useFormat()
  const reason = useReason()
  if (counts.persons === 0) return <p className="quiet">{t('counts.empty')}</p>
  return (
    <>
      <div className="row small"><span className="grow">{t('counts.callable')}</span><span className="numbers"><strong style={{ color: 'var(--accent)' }}>{format.number(counts.callableNow)}</strong> / {format.number(counts.persons)}</span></div>
      {counts.reasons.length === 0 && <p className="quiet">{t('counts.all')}</p>}
      {counts.reasons.map((one) => (
        <div key={one.reason} style={{ fontSize: 13 }}>
          <div className="row"><span className="grow sentence">{reason(one.reason)}</span><span className="numbers">{format.number(one.count)}</span></div>
          <div className="reason-bar" style={{ width: `${Math.max(2, (one.count / counts.persons) * 100)}%` }} />
          {one.nextAt && <div className="quiet small">{t('counts.next', { time: format.instant(one.nextAt) })}</div>}
        </div>
      ))}
    </>
  )
}
