import { useInfiniteQuery, useQuery, type InfiniteData } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Drawer, Select } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AttemptView } from '@loopline/contracts/campaign'
import type { LiveMessage } from '@loopline/contracts/live'
import { OUTCOMES } from '@loopline/vocabulary/outcome'
import { useLive } from '../api/live'
import { queryClient } from '../api/queries'
import { campaignListQuery } from '../campaigns/campaign-queries'
import { Caller, hasRecord } from '../inbound/caller'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { Page } from '../parts/page'
import { OutcomeSign } from '../parts/state-sign'
import { WindowedTable, type Column } from '../parts/windowed-table'
import type { CallListAddress } from '../router'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { useReason } from '../words/reason'
import { CallDetail } from './call-detail'
import { callListQuery, type CallPage } from './call-queries'
import { CustomerName } from './customer-name'
import { DialAgain } from './dial-again'
import '../customers/record.css'

/** Calls, newest first. */
export function CallListPage() {
  const { t } = useTranslation()
  const address = useSearch({ from: '/frame/calls' })
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch, dataUpdatedAt } = useInfiniteQuery(callListQuery(address))
  const [opened, setOpened] = useState<AttemptView | null>(null)
  const rows = data?.pages.flatMap((page) => page.items) ?? []
  const fresh = useFreshCount(address, dataUpdatedAt)
  const columns = useCallColumns()
  const mayHear = useMay('recording:listen')
  const filtered = address.outcome !== undefined || address.campaignId !== undefined || address.customerId !== undefined
  return (
    <Page title={t('call.title')} width="full" actions={mayHear && <LinkButton to="/calls/recordings">{t('recording.list.title')}</LinkButton>} lead={fresh > 0 && <Button size="small" shape="round" onClick={() => void refetch()}>↑ {t('call.fresh', { count: fresh })}</Button>}>
      <Filters address={address} />
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!isPending && !error && rows.length === 0
        ? filtered ? <Empty title={t('call.emptyFound')}><LinkButton to="/calls">{t('customer.clear')}</LinkButton></Empty>
          : <Empty title={t('call.empty')} text={t('call.emptyText')}><LinkButton to="/campaigns" primary>{t('campaign.title')}</LinkButton></Empty>
        : <WindowedTable<AttemptView> label={t('call.title')} columns={columns} rows={rows} keyOf={({ attemptId }) => attemptId} loading={isPending || isFetchingNextPage} loadMore={hasNextPage ? () => void fetchNextPage() : undefined} onPick={setOpened} />}
      <Drawer open={opened !== null} onClose={() => setOpened(null)} title={t('call.detail')} size={460}>{opened && <CallDetail call={opened} />}</Drawer>
    </Page>
  )
}

/** How many calls of this list ended since it was read. */
function useFreshCount(address: CallListAddress, readAt: number): number {
  const count = useRef(0)
  const [shown, setShown] = useState({ readAt, count: 0 })
  useLive((message) => {
    if (message.topic !== 'call') return
    if (endInPlace(address, message)) return
    if ((address.outcome ?? message.outcome) !== message.outcome || (address.campaignId ?? message.campaignId) !== message.campaignId || (address.customerId ?? message.customerId) !== message.customerId) return
    count.current += 1
  })
  useEffect(() => {
    count.current = 0
    const timer = setInterval(() => setShown((old) => (old.readAt === readAt && old.count === count.current ? old : { readAt, count: count.current })), 1_000)
    return () => clearInterval(timer)
  }, [readAt])
  return shown.readAt === readAt ? shown.count : 0
}

/** A call of the list that was still open gets its outcome where it stands. Answers whether the list had it. */
function endInPlace(address: CallListAddress, ended: Extract<LiveMessage, { topic: 'call' }>): boolean {
  let known = false
  const { queryKey } = callListQuery(address)
  queryClient.setQueryData<InfiniteData<CallPage>>(queryKey, (data) => {
    if (!data?.pages.some((page) => page.items.some(({ attemptId }) => attemptId === ended.attemptId))) return undefined
    known = true
    const closed = (row: AttemptView): AttemptView => (row.attemptId === ended.attemptId && row.outcome === null ? { ...row, outcome: ended.outcome, endedAt: new Date(ended.at).toISOString() } : row)
    return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(closed) })) }
  }, { updatedAt: queryClient.getQueryState(queryKey)?.dataUpdatedAt ?? 0 }) // not read anew: what is fresh stays counted from then
  return known
}

function Filters({ address }: { address: CallListAddress }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/calls' })
  const campaigns = useQuery(campaignListQuery)
  const change = (next: CallListAddress): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })
  return (
    <div className="row wrap" style={{ marginBottom: 12 }}>
      <Select aria-label={t('call.filterOutcome')} placeholder={t('call.filterOutcome')} allowClear style={{ width: 160 }} value={address.outcome ?? null} onChange={(outcome) => change({ outcome: outcome ?? undefined })}
        options={OUTCOMES.map((outcome) => ({ value: outcome, label: <OutcomeSign outcome={outcome} /> }))} />
      <Select aria-label={t('call.filterCampaign')} placeholder={t('call.filterCampaign')} allowClear style={{ width: 240 }} value={address.campaignId ?? null} onChange={(campaignId) => change({ campaignId: campaignId ?? undefined })}
        options={(campaigns.data?.items ?? []).map(({ campaignId, name }) => ({ value: campaignId, label: name }))} />
      {address.customerId && <span className="tag">{t('call.column.customer')} <CustomerName customerId={address.customerId} /></span>}
    </div>
  )
}

function useCallColumns(): Column<AttemptView>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const reason = useReason()
  const mayDial = useMay('call:dial')
  return [
    { key: 'time', title: t('call.column.time'), width: 132, cell: (row) => <span className="numbers">{format.instant(row.startedAt)}</span> },
    { key: 'customer', title: t('call.column.customer'), width: 130, cell: (row) => <Caller className="row-link" call={row} /> },
    ...(mayDial ? [{ key: 'dial', title: t('customer.record.dial'), width: 58, cell: (row: AttemptView) => hasRecord(row) && <DialAgain customerId={row.customerId} /> }] : []),
    { key: 'outcome', title: t('call.column.outcome'), width: 140, cell: (row) => (row.outcome ? <OutcomeSign outcome={row.outcome} /> : <span className="quiet">◌ {t('call.open')}</span>) },
    { key: 'reason', title: t('call.column.reason'), cell: (row) => row.outcomeReason && <span className="sentence">{reason(row.outcomeReason)}</span> },
    { key: 'campaign', title: t('call.column.campaign'), width: 200, cell: (row) => row.campaignName ?? <span className="quiet">{t(row.direction === 'inbound' ? 'inbound.direction' : 'call.byHand')}</span> },
    { key: 'line', title: t('call.column.line'), width: 140, cell: (row) => row.lineName },
    { key: 'talk', title: t('call.column.talk'), width: 90, number: true, cell: (row) => (row.answeredAt && row.endedAt ? format.seconds(Date.parse(row.endedAt) - Date.parse(row.answeredAt)) : '—') },
  ]
}
