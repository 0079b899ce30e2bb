import { PlusOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Drawer, Input, Select } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallerIdPage, CallerIdView } from '@loopline/contracts/caller-id'
import { useStaleOnPush } from '../api/live-queries'
import { linesQuery } from '../lines/line-queries'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { Page } from '../parts/page'
import { WindowedTable } from '../parts/windowed-table'
import { useMay } from '../session/me'
import { AddNumbers } from './add-numbers'
import { ChangeNumbers, type Act } from './change-numbers'
import { useNumberColumns } from './number-columns'
import { NumberGroups, useGroupName } from './number-groups'
import { NumberDetails } from './number-details'
import { groupsQuery, numberListQuery, type NumberListAddress } from './number-queries'
import { NUMBERS } from './number-words'
import './numbers.css'

const REFRESH_MS = 3_000
const SHOWN = ['active', 'resting', 'held', 'retired'] as const
const ACTS = ['rest', 'wake', 'move', 'quota', 'release'] as const

/** The numbers that our calls show: how they are used, how people take them, and why some rest. */
export function NumbersPage() {
  const { t } = useTranslation(NUMBERS)
  const address = useSearch({ from: '/frame/lines/numbers' })
  const mayEdit = useMay('caller-id:edit')
  const query = numberListQuery(address)
  const { data, error, isPending, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery(query)
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data])
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [act, setAct] = useState<Act | null>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const [drawer, setDrawer] = useState<'add' | 'groups' | null>(null)
  // Numbers have no topic of their own; a campaign's progress tells that calls showed them.
  useStaleOnPush(query.queryKey, (message) => message.topic === 'campaign', REFRESH_MS)
  const columns = useNumberColumns({ rows, picked, pick: mayEdit ? setPicked : null, open: setOpened })
  const shown = rows.find(({ callerId }) => callerId === opened) ?? null
  const chosen = rows.filter(({ callerId }) => picked.has(callerId))
  const add = mayEdit && <Button type="primary" icon={<PlusOutlined />} onClick={() => setDrawer('add')}>{t('add')}</Button>
  const filtered = Object.values(address).some((value) => value !== undefined)
  return (
    <Page title={t('title')} width="full" back={{ to: '/lines', word: t('back') }} actions={<><Button onClick={() => setDrawer('groups')}>{t('groups')}</Button>{add}</>}>
      <Filters address={address} counts={data?.pages[0]?.counts} />
      {chosen.length > 0 && <Chosen chosen={chosen} act={setAct} clear={() => setPicked(new Set())} />}
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!isPending && !error && rows.length === 0
        ? filtered ? <Empty title={t('found')} /> : <Empty title={t('empty')} text={t('emptyText')}>{add}</Empty>
        : <WindowedTable<CallerIdView> label={t('title')} columns={columns} rows={rows} keyOf={({ callerId }) => callerId} loading={isPending || isFetchingNextPage} loadMore={hasNextPage ? () => void fetchNextPage() : undefined} />}
      <ChangeNumbers act={act} numbers={chosen} done={(changed) => { setAct(null); if (changed) setPicked(new Set()) }} />
      <Drawer open={shown !== null} onClose={() => setOpened(null)} title={shown?.number} size={460} destroyOnHidden>{shown && <NumberDetails key={`${shown.callerId} ${shown.version}`} number={shown} mayEdit={mayEdit} />}</Drawer>
      <Drawer open={drawer !== null} onClose={() => setDrawer(null)} title={t(drawer === 'groups' ? 'group.title' : 'add')} size={520} destroyOnHidden>
        {drawer === 'add' && <AddNumbers done={() => setDrawer(null)} />}
        {drawer === 'groups' && <NumberGroups mayEdit={mayEdit} />}
      </Drawer>
    </Page>
  )
}

function Filters({ address, counts }: { address: NumberListAddress; counts: CallerIdPage['counts'] | undefined }) {
  const { t } = useTranslation(NUMBERS)
  const navigate = useNavigate({ from: '/lines/numbers' })
  const lines = useQuery(linesQuery)
  const groups = useQuery(groupsQuery)
  const groupName = useGroupName()
  const change = (next: NumberListAddress): void => void navigate({ search: (before) => ({ ...before, ...next }), replace: true })
  return (
    <div className="row wrap" style={{ marginBottom: 12 }}>
      <Input.Search aria-label={t('search')} placeholder={t('search')} allowClear style={{ width: 220 }} defaultValue={address.text} onSearch={(text) => change({ text: text.trim() || undefined })} />
      <Select aria-label={t('column.line')} placeholder={t('anyLine')} allowClear style={{ width: 180 }} value={address.lineId ?? null} onChange={(lineId) => change({ lineId: lineId ?? undefined })} options={(lines.data ?? []).map(({ lineId, name }) => ({ value: lineId, label: name }))} />
      <Select aria-label={t('column.group')} placeholder={t('anyGroup')} allowClear style={{ width: 180 }} value={address.groupId ?? null} onChange={(groupId) => change({ groupId: groupId ?? undefined })} options={(groups.data ?? []).map(({ groupId }) => ({ value: groupId, label: groupName(groupId) }))} />
      <Select aria-label={t('column.health')} placeholder={t('anyState')} allowClear style={{ width: 130 }} value={address.state ?? null} onChange={(state) => change({ state: state ?? undefined })} options={SHOWN.map((value) => ({ value, label: t(`state.${value}`) }))} />
      <span className="grow" />
      {counts && <span className="quiet numbers">{t('states.active', { count: counts.active })} · {t('states.resting', { count: counts.resting })}{counts.held > 0 && <> · {t('states.held', { count: counts.held })}</>}{counts.suspected > 0 && <> · <span className="suspected">▲ {t('states.suspected', { count: counts.suspected })}</span></>}</span>}
    </div>
  )
}

function Chosen({ chosen, act, clear }: { chosen: readonly CallerIdView[]; act: (act: Act) => void; clear: () => void }) {
  const { t } = useTranslation(NUMBERS)
  return (
    <div className="row wrap chosen" role="toolbar" aria-label={t('picked', { count: chosen.length })}>
      <span className="numbers">{t('picked', { count: chosen.length })}</span>
      {ACTS.map((each) => <Button key={each} size="small" danger={each === 'release'} onClick={() => act(each)}>{t(`act.${each}`)}</Button>)}
      <Button size="small" type="text" onClick={clear}>{t('clear')}</Button>
    </div>
  )
}
