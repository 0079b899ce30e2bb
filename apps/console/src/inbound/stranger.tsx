import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../phone/agent-queries'
import { useMay } from '../session/me'
import { useCallerName } from './caller-name'
import { useMakeRecord } from './inbound-queries'
import { WhyItRings } from './why-it-rings'
import './inbound.css'

/** In place of a customer's story: a caller of whom there is no record, and how to make one. */
export function Stranger({ call }: { call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const name = useCallerName()
  const mayMake = useMay('customer:create')
  const isWithheld = call.inbound?.caller === 'withheld'
  return (
    <>
      <header className="record-head"><h2 style={{ fontSize: 20 }}>{name(call)}</h2></header>
      <WhyItRings call={call} />
      <section className="panel">
        <h2>{isWithheld ? name(call) : t('inbound.record')}</h2>
        <div className="inside stack" style={{ gap: 12 }}>
          <p style={{ margin: 0 }}>{t(isWithheld ? 'inbound.withheldText' : 'inbound.unknownText')}</p>
          {!isWithheld && mayMake && call.phase !== 'incoming' && <NewRecord attemptId={call.attemptId} />}
        </div>
      </section>
    </>
  )
}

function NewRecord({ attemptId }: { attemptId: string }) {
  const { t } = useTranslation()
  const make = useMakeRecord()
  const [name, setName] = useState('')
  const [company, setCompany] = useState('')
  const submit = (): void => {
    if (name.trim() !== '') make.mutate({ attemptId, name: name.trim(), ...(company.trim() === '' ? {} : { company: company.trim() }) })
  }
  return (
    <form className="new-record" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Input aria-label={t('inbound.name')} placeholder={t('inbound.name')} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      <Input aria-label={t('inbound.company')} placeholder={t('inbound.company')} value={company} maxLength={200} onChange={(event) => setCompany(event.target.value)} />
      <Button htmlType="submit" type="primary" disabled={name.trim() === ''} loading={make.isPending}>{t('inbound.make')}</Button>
      <span className="quiet small">{t('inbound.recordText')}</span>
    </form>
  )
}
