import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, DatePicker, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStaleOnPush } from '../api/live-queries'
import { Failure } from '../parts/failure'
import { useNow } from '../phone/use-clock'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { callbacksQuery, useChangeCallback, type Callback } from './callback-queries'

const MINUTE_MS = 60_000
const isCall = ({ topic }: { topic: string }): boolean => topic === 'call'

/** Calls that were promised, and callers whom nobody answered: late ones first and in red, each with the customer's own time. */
export function Callbacks() {
  const { t } = useTranslation()
  const [changing, setChanging] = useState<{ callback: Callback; how: 'move' | 'cancel' } | null>(null)
  const { data, error, refetch } = useQuery(callbacksQuery)
  useStaleOnPush(callbacksQuery.queryKey, isCall)
  const rows = data?.items ?? []
  const now = useNow(rows.length > 0)
  const may = useMay('call:dial')
  if (!error && rows.length === 0) return null
  return (
    <section className="panel">
      <h2>{t('workbench.promised.title')}</h2>
      {error ? <Failure error={error} retry={() => void refetch()} /> : (
        <ul>{rows.map((callback) => (
          <li key={callback.callbackId} className="due-row">
            <span className="grow">
              <Link to="/customers/$customerId" params={{ customerId: callback.customerId }}>{callback.customerName}</Link>
              <When callback={callback} now={now} />
            </span>
            {may && <>
              <Button size="small" onClick={() => setChanging({ callback, how: 'move' })}>{t('workbench.promised.move')}</Button>
              <Button size="small" onClick={() => setChanging({ callback, how: 'cancel' })}>{t('workbench.promised.cancel')}</Button>
            </>}
          </li>
        ))}</ul>
      )}
      {changing && <Change key={changing.callback.callbackId} {...changing} close={() => setChanging(null)} />}
    </section>
  )
}

function When({ callback: { why, at, timeZone, agentId }, now }: { callback: Callback; now: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const minutes = Math.floor((now - Date.parse(at)) / MINUTE_MS)
  return (
    <div className="small numbers">
      {minutes >= 1 && <strong className="late">{t('workbench.promised.late', { minutes })} · </strong>}
      <span className="quiet">{why === 'missed' && `${t('workbench.promised.missed')} · `}{format.instant(at)}{timeZone && ` · ${t('workbench.promised.there', { time: format.time(at, timeZone) })}`}{agentId === null && ` · ${t('workbench.promised.anyone')}`}</span>
    </div>
  )
}

function Change({ callback: { callbackId, customerName }, how, close }: { callback: Callback; how: 'move' | 'cancel'; close: () => void }) {
  const { t } = useTranslation()
  const [at, setAt] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const change = useChangeCallback()
  const isComplete = reason.trim() !== '' && (how === 'cancel' || at !== null)
  return (
    <Modal open title={`${t(how === 'move' ? 'workbench.promised.move' : 'workbench.promised.cancelTitle')} · ${customerName}`} onCancel={close} okText={t('workbench.promised.save')} cancelText={t('workbench.promised.back')}
      okButtonProps={{ disabled: !isComplete, loading: change.isPending }} onOk={() => change.mutate({ callbackId, at: how === 'move' ? at : null, reason: reason.trim() }, { onSuccess: close })}>
      <div className="stack">
        {how === 'move' && <label className="stack" style={{ gap: 4 }}><span className="quiet small">{t('workbench.callbackAt')}</span>
          <DatePicker showTime={{ format: 'HH:mm' }} onChange={(picked) => setAt(picked ? picked.toDate().toISOString() : null)} /></label>}
        <label className="stack" style={{ gap: 4 }}><span className="quiet small">{t('workbench.promised.reason')}</span>
          <Input maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
      </div>
    </Modal>
  )
}
