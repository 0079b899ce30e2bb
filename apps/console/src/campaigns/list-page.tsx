import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { CampaignView } from '@loopline/contracts/campaign'
import { useStaleOnPush } from '../api/live-queries'
import { useConditionText } from '../conditions/condition-words'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { Page } from '../parts/page'
import { CampaignStateSign } from '../parts/state-sign'
import { WindowedTable, type Column } from '../parts/windowed-table'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { campaignListQuery } from './campaign-queries'
import { useKnownStates } from './use-known-states'

/** All campaigns, newest first. */
export function CampaignListPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { data, error, isPending, refetch } = useQuery(campaignListQuery)
  const isNews = useKnownStates(data?.items)
  useStaleOnPush(campaignListQuery.queryKey, (message) => message.topic === 'campaign' && isNews(message.progress), 1_000)
  const columns = useCampaignColumns()
  const create = useMay('campaign:edit') && <LinkButton to="/campaigns/new" primary icon={<PlusOutlined />}>{t('campaign.new')}</LinkButton>
  return (
    <Page title={t('campaign.title')} width="full" actions={create}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data?.items.length === 0
        ? <Empty title={t('campaign.empty.title')} text={t('campaign.empty.text')}>{create}</Empty>
        : !error && <WindowedTable<CampaignView> label={t('campaign.title')} columns={columns} rows={data?.items ?? []} keyOf={(row) => row.campaignId} loading={isPending}
            onPick={(row) => void navigate({ to: '/campaigns/$campaignId', params: { campaignId: row.campaignId } })} />}
    </Page>
  )
}

function useCampaignColumns(): Column<CampaignView>[] {
  const { t } = useTranslation()
  const format = useFormat()
  const condition = useConditionText()
  return [
    { key: 'name', title: t('campaign.column.name'), width: 260, cell: (row) => <Link className="row-link" to="/campaigns/$campaignId" params={{ campaignId: row.campaignId }}>{row.name}</Link> },
    { key: 'state', title: t('campaign.column.state'), width: 110, cell: (row) => <CampaignStateSign state={row.state} /> },
    { key: 'audience', title: t('campaign.column.audience'), cell: (row) => <span title={condition(row.audience)}>{condition(row.audience)}</span> },
    { key: 'pace', title: t('campaign.column.pace'), width: 180, number: true, cell: (row) => t('campaign.pace', { rate: row.ratePerSecond, concurrent: row.maxConcurrent }) },
    { key: 'started', title: t('campaign.column.started'), width: 130, number: true, cell: (row) => (row.startedAt ? format.instant(row.startedAt) : '—') },
    { key: 'created', title: t('campaign.column.created'), width: 130, number: true, cell: (row) => format.instant(row.createdAt) },
  ]
}
