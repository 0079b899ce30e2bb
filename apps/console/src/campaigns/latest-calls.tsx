import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { useLive } from '../api/live'
import { CustomerName } from '../calls/customer-name'
import { DialAgain } from '../calls/dial-again'
import { OutcomeSign } from '../parts/state-sign'
import { useFormat } from '../words/format'

interface LatestCall {
  attemptId: string
  customerId: string
  outcome: Outcome
  lineName: string | null
  at: number
}

const SHOWN = 14
/** The newest attempts are mostly still open; the ended ones stand behind them. */
const ASKED = 100
/** Beyond what eyes can follow the list moves in steps of this length. */
const STEP_MS = 700

/** The newest calls of a campaign as they end. */
export function LatestCalls({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const before = useQuery({
    queryKey: ['latest-calls', campaignId], meta: { static: true }, staleTime: 0,
    queryFn: async (): Promise<LatestCall[]> => (await answer(api.GET('/api/dialer/attempts', { params: { query: { campaignId, limit: ASKED } } }))).items
      .flatMap((call) => (call.outcome && call.endedAt ? [{ ...call, outcome: call.outcome, at: new Date(call.endedAt).getTime() }] : []))
      .toSorted((a, b) => b.at - a.at).slice(0, SHOWN),
  })
  const arrived = useRef<LatestCall[]>([])
  const [shown, setShown] = useState<LatestCall[]>([])
  useLive((message) => {
    if (message.topic === 'call' && message.campaignId === campaignId) arrived.current = [message, ...arrived.current].slice(0, SHOWN)
  })
  useEffect(() => {
    const timer = setInterval(() => setShown((old) => (old[0] === arrived.current[0] ? old : arrived.current)), STEP_MS)
    return () => clearInterval(timer)
  }, [])
  const known = new Set(shown.map(({ attemptId }) => attemptId))
  const calls = [...shown, ...(before.data ?? []).filter(({ attemptId }) => !known.has(attemptId))].slice(0, SHOWN)
  if (calls.length === 0) return <p className="quiet" style={{ padding: 16 }}>{t('campaign.live.latestEmpty')}</p>
  return (
    <ol className="latest">
      {calls.map((call) => (
        <li key={call.attemptId}>
          <time className="quiet numbers" dateTime={new Date(call.at).toISOString()}>{format.instant(call.at)}</time>
          <OutcomeSign outcome={call.outcome} />
          <span className="cut"><CustomerName customerId={call.customerId} /></span>
          <span className="quiet cut">{call.lineName}</span>
          <DialAgain customerId={call.customerId} />
        </li>
      ))}
    </ol>
  )
}
