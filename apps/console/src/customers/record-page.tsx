import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Tooltip } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { CustomerView } from '@loopline/contracts/customer'
import { titlePlace } from '../frame/tab-title'
import { ApiError } from '../api/client'
import { useStaleOnPush } from '../api/live-queries'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { Bones, Slow } from '../parts/slow'
import { LevelMark, OutcomeSign } from '../parts/state-sign'
import { useMay } from '../session/me'
import { useCalleeNow } from '../settings/callee-time'
import { useFormat } from '../words/format'
import { ConflictDialog } from './conflict-dialog'
import { Consents } from './consents'
import { customerQuery, timelineQuery } from './customer-queries'
import { Details } from './details'
import { InPlaceText } from './in-place'
import { NoteBox } from './note-box'
import { Phones } from './phones'
import { Timeline } from './timeline'
import { useCustomerEdit } from './use-customer-edit'
import { WhyNotNow } from './why-not-now'
import './record.css'

/** One customer: who it is, how to reach, what happened and why. */
export function CustomerPage() {
  const { t } = useTranslation()
  const { customerId } = useParams({ from: '/frame/customers/$customerId' })
  const { data, error, isPending, refetch } = useQuery(customerQuery(customerId))
  const concerns = (message: { topic: string; customerId?: string }): boolean => (message.topic === 'customer' || message.topic === 'call') && message.customerId === customerId
  useStaleOnPush(customerQuery(customerId).queryKey, concerns)
  useStaleOnPush(timelineQuery(customerId).queryKey, concerns)
  if (error instanceof ApiError && error.status === 404) {
    return <Empty title={t('customer.record.notFound')} text={t('customer.record.notFoundText')}><LinkButton to="/customers">{t('customer.record.back')}</LinkButton></Empty>
  }
  if (error) return <div className="page narrow"><Failure error={error} retry={() => void refetch()} /></div>
  if (isPending) return <div className="page"><Slow><Bones lines={10} /></Slow></div>
  return <Record key={customerId} customer={data} />
}

function Record({ customer }: { customer: CustomerView }) {
  const { t } = useTranslation()
  const may = useMay('customer:edit')
  const maySeeCampaigns = useMay('campaign:read')
  const edit = useCustomerEdit(customer)
  useEffect(() => titlePlace(customer.name), [customer.name])
  return (
    <div className="page">
      <Link to="/customers" className="back"><span aria-hidden>←</span>{t('customer.record.back')}</Link>
      <Head customer={customer} save={(name) => (name ? edit.save({ name }) : Promise.resolve())} may={may} />
      <div className="sides" style={{ marginTop: 20 }}>
        <div className="stack">
          {may && <NoteBox key={customer.customerId} customerId={customer.customerId} />}
          <Timeline customerId={customer.customerId} />
        </div>
        <div className="stack">
          <section className="panel"><h2>{t('customer.record.phones')}</h2><div className="inside" style={{ padding: '8px 16px' }}><Phones customer={customer} /></div></section>
          <section className="panel"><h2>{t('customer.record.consents')}</h2><div className="inside"><Consents customer={customer} may={may} /></div></section>
          {maySeeCampaigns && <section className="panel"><h2>{t('customer.whyNot.title')}</h2><div className="inside"><WhyNotNow customerId={customer.customerId} /></div></section>}
          <section className="panel"><h2>{t('customer.record.details')}</h2><div className="inside" style={{ paddingTop: 8 }}><Details customer={customer} edit={edit} may={may} /></div></section>
        </div>
      </div>
      {edit.conflict && <ConflictDialog conflict={edit.conflict} resolve={edit.resolve} />}
    </div>
  )
}

function Head({ customer, save, may }: { customer: CustomerView; save: (name: string | null) => Promise<void>; may: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { now } = useCalleeNow()
  const { attemptCount, noAnswerStreak, rejectedCount } = customer
  return (
    <>
      <header className="record-head">
        <h1><InPlaceText label={t('field.name')} value={customer.name} shown={customer.name} may={may} save={save} /></h1>
        <LevelMark level={customer.level} />
        <span className="tag">{t(`status.${customer.status}`)}</span>
        {customer.lastOutcome && <OutcomeSign outcome={customer.lastOutcome} />}
        {customer.sandbox && <Tooltip title={t('customer.record.sandboxTip')}><span className="tag" tabIndex={0}>{t('customer.record.sandbox')}</span></Tooltip>}
        {customer.neverCall && <strong style={{ color: 'var(--alarm)', fontWeight: 600 }}>⊘ {t('customer.record.neverCallOn')}</strong>}
      </header>
      <p className="quiet" style={{ fontSize: 13 }}>
        {[customer.company, customer.timeZone ? t('customer.record.localTime', { time: format.time(now, customer.timeZone) }) : t('customer.record.noZone'),
          t('customer.record.stats', { attempts: attemptCount, streak: noAnswerStreak, rejected: rejectedCount }),
          customer.followUpPausedUntil && new Date(customer.followUpPausedUntil).getTime() > now ? t('customer.record.paused', { date: format.day(customer.followUpPausedUntil) }) : null].filter(Boolean).join(' · ')}
      </p>
    </>
  )
}
