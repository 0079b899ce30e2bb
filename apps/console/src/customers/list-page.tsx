import { FilterOutlined, PlusOutlined, UploadOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Segmented, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConditionEditor } from '../conditions/condition-editor'
import { asked, countLeaves, EVERYONE, readGroup, type Group } from '../conditions/tree'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { Page } from '../parts/page'
import { WindowedTable } from '../parts/windowed-table'
import type { CustomerListAddress } from '../router'
import { useMay } from '../session/me'
import { useCustomerColumns } from './customer-columns'
import { customerListQuery } from './customer-queries'
import { useLiveRows } from './use-live-rows'

/** The customers one may see. The address is the view: search, whose, condition, order. */
export function CustomerListPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const address = useSearch({ from: '/frame/customers' })
  const query = customerListQuery(address)
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(query)
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const versions = useMemo(() => new Map(rows.map(({ customerId, version }) => [customerId, version])), [rows])
  const columns = useCustomerColumns()
  useLiveRows(query.queryKey, versions)
  return (
    <Page title={t('customer.title')} width="full" actions={<Actions />}>
      <ViewBar address={address} />
      {error && <div style={{ marginBottom: 12 }}><Failure error={error} retry={() => void refetch()} /></div>}
      {!isPending && !error && rows.length === 0
        ? <NobodyHere address={address} />
        : <WindowedTable label={t('customer.title')} columns={columns} rows={rows} keyOf={(row) => row.customerId} loading={isPending || isFetchingNextPage}
            loadMore={hasNextPage ? () => void fetchNextPage() : undefined}
            onPick={(row) => void navigate({ to: '/customers/$customerId', params: { customerId: row.customerId } })} />}
    </Page>
  )
}

function Actions() {
  const { t } = useTranslation()
  const mayImport = useMay('customer:import')
  const mayCreate = useMay('customer:create')
  return (
    <>
      {mayImport && <LinkButton to="/customers/import" icon={<UploadOutlined />}>{t('customer.import')}</LinkButton>}
      {mayCreate && <LinkButton to="/customers/new" primary icon={<PlusOutlined />}>{t('customer.new')}</LinkButton>}
    </>
  )
}

function ViewBar({ address }: { address: CustomerListAddress }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/customers' })
  const fromAddress = useMemo(() => groupOf(address.condition), [address.condition])
  const [draft, setDraft] = useState<Group>(fromAddress)
  const [open, setOpen] = useState(fromAddress.rules.length > 0)
  const count = countLeaves(asked(fromAddress) ?? EVERYONE)
  const change = (next: Partial<CustomerListAddress>): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })
  const filter = (group: Group): void => {
    setDraft(group)
    const tree = asked(group)
    change({ condition: tree && JSON.stringify(tree) })
  }
  return (
    <div className="stack" style={{ gap: 10, marginBottom: 12 }}>
      <div className="row wrap">
        <Segmented value={address.view ?? 'all'} onChange={(view) => change({ view: view === 'all' ? undefined : view })} options={(['all', 'mine', 'pool'] as const).map((view) => ({ value: view, label: t(`customer.view.${view}`) }))} />
        <Button icon={<FilterOutlined />} aria-expanded={open} color={count > 0 ? 'primary' : 'default'} variant="outlined" onClick={() => setOpen(!open)}>{count > 0 ? t('customer.filterCount', { count }) : t('customer.filter')}</Button>
        {count > 0 && <Button type="text" size="small" onClick={() => filter(EVERYONE)}>{t('customer.clear')}</Button>}
        {address.search && <span className="quiet">{t('customer.searching', { text: address.search })}</span>}
        <span className="grow" />
        <Select aria-label={t('customer.sortLabel')} variant="filled" style={{ minWidth: 140 }} value={address.sort ?? 'updated'} onChange={(sort) => change({ sort: sort === 'updated' ? undefined : sort })}
          options={(['updated', 'created', 'level', 'followUp'] as const).map((sort) => ({ value: sort, label: t(`customer.sort.${sort}`) }))} />
      </div>
      {open && <div className="panel" style={{ padding: 12, maxWidth: 760 }}><ConditionEditor group={draft} onChange={filter} /></div>}
    </div>
  )
}

function groupOf(condition: string | undefined): Group {
  try {
    return readGroup(condition === undefined ? null : JSON.parse(condition)) ?? EVERYONE
  } catch {
    return EVERYONE
  }
}

function NobodyHere({ address }: { address: CustomerListAddress }) {
  const { t } = useTranslation()
  if (address.search || address.condition) {
    return <Empty title={t('customer.empty.found')} text={t('customer.empty.foundText')}><LinkButton to="/customers" search={{ view: address.view, sort: address.sort }}>{t('customer.empty.clear')}</LinkButton></Empty>
  }
  if (address.view === 'mine') return <Empty title={t('customer.empty.mine')} text={t('customer.empty.mineText')}><LinkButton to="/customers" search={{ view: 'pool' }}>{t('customer.view.pool')}</LinkButton></Empty>
  if (address.view === 'pool') return <Empty title={t('customer.empty.pool')} text={t('customer.empty.poolText')} />
  return <Empty title={t('customer.empty.title')} text={t('customer.empty.text')}><Actions /></Empty>
}
