import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Checkbox, Drawer, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordingItem } from '@loopline/contracts/recording'
import { campaignListQuery } from '../campaigns/campaign-queries'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { Page } from '../parts/page'
import { WindowedTable, type Column } from '../parts/windowed-table'
import { SHOWN_STATES, type RecordingListAddress } from '../router'
import { useMay } from '../session/me'
import { peopleQuery, useNames } from '../session/people'
import { useFormat } from '../words/format'
import { CustomerName } from './customer-name'
import { Recording } from './recording'
import { recordingListQuery } from './recording-queries'
import { reasonOfRecording } from './recording-words'
import '../customers/record.css'

/** Conversations and what was kept of each, newest first. */
export function RecordingListPage() {
  const { t } = useTranslation()
  const address = useSearch({ from: '/frame/calls/recordings' })
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(recordingListQuery(address))
  const [opened, setOpened] = useState<RecordingItem | null>(null)
  const rows = data?.pages.flatMap((page) => page.items) ?? []
  const columns = useColumns()
  const filtered = Object.values(address).some((value) => value !== undefined)
  return (
    <Page title={t('recording.list.title')} width="full" back={{ to: '/calls', word: t('call.title') }}>
      <Filters address={address} />
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!isPending && !error && rows.length === 0
        ? filtered ? <Empty title={t('recording.list.emptyFound')}><LinkButton to="/calls/recordings">{t('customer.clear')}</LinkButton></Empty> : <Empty title={t('recording.list.empty')} text={t('recording.list.emptyText')} />
        : <WindowedTable<RecordingItem> label={t('recording.list.title')} columns={columns} rows={rows} keyOf={({ attemptId }) => attemptId} loading={isPending || isFetchingNextPage} loadMore={hasNextPage ? () => void fetchNextPage() : undefined} onPick={setOpened} />}
      <Drawer open={opened !== null} onClose={() => setOpened(null)} title={t('recording.title')} size={460}>{opened && <><p><CustomerName customerId={opened.customerId} /></p><Recording attemptId={opened.attemptId} /></>}</Drawer>
    </Page>
  )
}

function Filters({ address }: { address: RecordingListAddress }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/calls/recordings' })
  const campaigns = useQuery({ ...campaignListQuery, enabled: useMay('campaign:read') })
  const people = useQuery({ ...peopleQuery, enabled: useMay('user:read') })
  const change = (next: RecordingListAddress): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })
  return (
    <div className="row wrap" style={{ marginBottom: 12 }}>
      <Select aria-label={t('recording.list.state')} placeholder={t('recording.list.state')} allowClear style={{ width: 150 }} value={address.state ?? null} onChange={(state) => change({ state: state ?? undefined })}
        options={SHOWN_STATES.map((value) => ({ value, label: t(`recording.state.${value}`) }))} />
      <Select aria-label={t('call.filterCampaign')} placeholder={t('call.filterCampaign')} allowClear style={{ width: 220 }} value={address.campaignId ?? null} onChange={(campaignId) => change({ campaignId: campaignId ?? undefined })}
        options={(campaigns.data?.items ?? []).map(({ campaignId, name }) => ({ value: campaignId, label: name }))} />
      {people.data && <Select aria-label={t('recording.seller')} placeholder={t('recording.seller')} allowClear showSearch={{ optionFilterProp: 'label' }} style={{ width: 160 }} value={address.agentId ?? null} onChange={(agentId) => change({ agentId: agentId ?? undefined })}
        options={people.data.map(({ userId, name }) => ({ value: userId, label: name }))} />}
      <Input type="date" aria-label={t('recording.list.from')} title={t('recording.list.from')} style={{ width: 150 }} value={address.from ?? ''} onChange={(event) => change({ from: event.target.value || undefined })} />–
      <Input type="date" aria-label={t('recording.list.to')} title={t('recording.list.to')} style={{ width: 150 }} value={address.to ?? ''} onChange={(event) => change({ to: event.target.value || undefined })} />
      <Checkbox checked={address.held === true} onChange={(event) => change({ held: event.target.checked ? true : undefined })}>{t('recording.hold.on')}</Checkbox>
      {address.customerId && <span className="tag">{t('call.column.customer')} <CustomerName customerId={address.customerId} /></span>}
    </div>
  )
}

const SIGNS = { recording: '◌', complete: '●', incomplete: '▲', deleted: '✕', 'not-recorded': '–' } as const

function useColumns(): Column<RecordingItem>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const nameOf = useNames()
  return [
    { key: 'time', title: t('call.column.time'), width: 132, cell: (row) => <span className="numbers">{format.instant(row.startedAt)}</span> },
    { key: 'customer', title: t('call.column.customer'), width: 130, cell: (row) => <CustomerName className="row-link" customerId={row.customerId} /> },
    { key: 'agent', title: t('recording.seller'), width: 130, cell: (row) => nameOf(row.agentId) },
    { key: 'campaign', title: t('call.column.campaign'), width: 190, cell: (row) => row.campaignName ?? <span className="quiet">{t('call.byHand')}</span> },
    { key: 'state', title: t('recording.list.state'), width: 110, cell: (row) => <span style={{ color: row.state === 'incomplete' ? 'var(--warn)' : undefined }}>{SIGNS[row.state]} {t(`recording.state.${row.state}`)}</span> },
    { key: 'because', title: t('call.column.reason'), cell: (row) => <span className="sentence quiet">{reasonOfRecording(t, row.because)}</span> },
    { key: 'kept', title: t('recording.list.kept'), width: 112, cell: (row) => (row.deletedAt ? `✕ ${format.day(row.deletedAt)}` : row.legalHold ? `⚖ ${t('recording.hold.on')}` : row.keptUntil && format.day(row.keptUntil)) },
    { key: 'length', title: t('call.column.talk'), width: 90, number: true, cell: (row) => (row.durationMs > 0 ? format.seconds(row.durationMs) : '—') },
  ]
}
