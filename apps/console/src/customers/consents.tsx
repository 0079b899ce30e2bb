import { useMutation } from '@tanstack/react-query'
import { Button, Input, Popover, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CustomerView } from '@loopline/contracts/customer'
import { CONSENTS, type Consent } from '@loopline/vocabulary/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { Failure } from '../parts/failure'
import { useFormat } from '../words/format'
import { keep } from './use-customer-edit'

type Purpose = 'marketing' | 'recording'
const SIGNS: Record<Consent, string> = { granted: '✓', refused: '✕', unknown: '?' }
const COLOURS: Record<Consent, string> = { granted: 'var(--accent)', refused: 'var(--alarm)', unknown: 'var(--warn)' }

/** What the customer agreed to, since when and by which proof. */
export function Consents({ customer, may }: { customer: CustomerView; may: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="stack" style={{ gap: 8 }}>
      {(['marketing', 'recording'] as const).map((purpose) => {
        const state = purpose === 'marketing' ? customer.marketingConsent : customer.recordingConsent
        const stated = customer.consents.find((consent) => consent.purpose === purpose)
        return (
          <div key={purpose} className="row" style={{ alignItems: 'start' }}>
            <span className="sign" aria-hidden style={{ color: COLOURS[state], fontWeight: 700 }}>{SIGNS[state]}</span>
            <div className="grow">
              <div>{t('frame.pair', { name: t(`purpose.${purpose}`), value: t(`consent.${state}`) })}</div>
              {stated?.source && <div className="quiet small cut" title={stated.source}>{stated.source}{stated.at && ` · ${format.day(stated.at)}`}</div>}
            </div>
            {may && <StateConsent customer={customer} purpose={purpose} state={state} />}
          </div>
        )
      })}
    </div>
  )
}

function StateConsent({ customer: { customerId, version }, purpose, state }: { customer: CustomerView; purpose: Purpose; state: Consent }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [next, setNext] = useState<Consent>(state === 'unknown' ? 'granted' : state)
  const [source, setSource] = useState('')
  const save = useMutation({
    mutationFn: () => {
      const consent = { state: next, source: source.trim(), at: new Date().toISOString() }
      return answer(api.PATCH('/api/crm/customers/{customerId}', { params: { path: { customerId } }, body: { version, ...(purpose === 'marketing' ? { marketingConsent: consent } : { recordingConsent: consent }) } }))
    },
    onSuccess: (customer) => {
      keep(customer)
      setOpen(false)
      setSource('')
    },
  })
  const form = (
    <form className="stack" style={{ gap: 8, width: 240 }} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Select<Consent> aria-label={t(`purpose.${purpose}`)} value={next} onChange={setNext} options={CONSENTS.map((value) => ({ value, label: t(`consent.${value}`) }))} />
      <Input required aria-label={t('customer.record.stateSource')} placeholder={t('customer.record.stateSource')} maxLength={200} value={source} onChange={(event) => setSource(event.target.value)} />
      <Button htmlType="submit" type="primary" disabled={source.trim() === ''} loading={save.isPending}>{t('frame.save')}</Button>
      {save.isError && <Failure error={save.error} />}
    </form>
  )
  return <Popover trigger="click" open={open} onOpenChange={setOpen} title={t('customer.record.stated')} content={form}><Button type="link" size="small">{t('frame.edit')}</Button></Popover>
}
