import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Spin } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { useReason } from '../words/reason'

const TYPING_PAUSE_MS = 300

/** How many the audience holds now, how many of them could be called, and why the others could not. */
export function AudienceCount({ audience }: { audience: unknown }) {
  const { t } = useTranslation()
  const format = useFormat()
  const reason = useReason()
  const asked = useSettled(JSON.stringify(audience))
  const { data, error, isPending, isFetching, refetch } = useQuery({
    queryKey: ['audience', asked], placeholderData: keepPreviousData, staleTime: 10_000,
    queryFn: ({ signal }) => answer(api.POST('/api/dialer/campaigns/audience-preview', { body: { audience: JSON.parse(asked) as unknown }, signal })),
  })
  return (
    <section className="panel count-panel" aria-live="polite">
      <h2>{t('campaign.count.title')}{isFetching && data && <Spin size="small" aria-label={t('campaign.count.counting')} />}</h2>
      <div className="inside stack">
        {error ? <Failure error={error} retry={() => void refetch()} /> : isPending ? <Slow><Bones lines={4} /></Slow> : (
          <>
            <div><div className="quiet small">{t('campaign.count.matching')}</div><div className="big">{format.number(data.matching)}</div></div>
            <div><div className="quiet small">{t('campaign.count.callable')}</div><div className="big" style={{ color: 'var(--accent)' }}>{format.number(data.callableNow)}</div></div>
            {data.matching === 0 && <p className="quiet">{t('campaign.count.nobody')}</p>}
            {data.reasons.length > 0 && (
              <div>
                <div className="quiet small" style={{ marginBottom: 6 }}>{t('campaign.count.excluded')}</div>
                {data.reasons.map((one) => (
                  <div key={one.reason} style={{ marginBottom: 8, fontSize: 13 }}>
                    <div className="row"><span className="grow"><span className="sentence">{reason(one.reason)}</span></span><span className="numbers">{format.number(one.count)}</span></div>
                    <div className="reason-bar" style={{ width: `${Math.max(2, (one.count / Math.max(1, data.matching)) * 100)}%` }} />
                  </div>
                ))}
              </div>
            )}
            {data.sampled && <p className="quiet small">≈ {t('campaign.count.estimate')}</p>}
          </>
        )}
      </div>
    </section>
  )
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
