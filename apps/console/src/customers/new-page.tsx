import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Input, Select } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CONSENTS, LEVELS, type Consent, type Level } from '@loopline/vocabulary/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { Page } from '../parts/page'

/** One customer by hand: a name and a number are enough. */
export function NewCustomerPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [company, setCompany] = useState('')
  const [region, setRegion] = useState('')
  const [level, setLevel] = useState<Level>('C')
  const [phones, setPhones] = useState([''])
  const [consent, setConsent] = useState<Consent>('unknown')
  const [source, setSource] = useState('')
  const create = useMutation({
    mutationFn: () => answer(api.POST('/api/crm/customers', { body: {
      name: name.trim(), level, phones: phones.map((phone) => phone.trim()).filter(Boolean), company: company.trim() || null, region: region.trim() || null,
      ...(consent === 'unknown' ? {} : { marketingConsent: { state: consent, source: source.trim(), at: new Date().toISOString() } }),
    } })),
    onSuccess: (customer) => {
      void queryClient.invalidateQueries({ queryKey: ['customers'] })
      void message.success(t('customer.create.done', { name: customer.name }))
      void navigate({ to: '/customers/$customerId', params: { customerId: customer.customerId } })
    },
  })
  const box = (id: string, label: string, value: string, set: (value: string) => void, more: { required?: boolean } = {}): ReactNode =>
    <Field label={label} id={id} {...more}><Input id={id} value={value} maxLength={200} {...more} onChange={(event) => set(event.target.value)} /></Field>
  return (
    <Page title={t('customer.create.title')} width="narrow" back={{ to: '/customers', word: t('customer.record.back') }}>
      <form className="panel" onSubmit={(event) => { event.preventDefault(); create.mutate() }}>
        <div className="inside stack" style={{ maxWidth: 480 }}>
          {box('name', t('field.name'), name, setName, { required: true })}
          <Field label={t('customer.create.phone')} id="phone-0" hint={t('customer.create.phoneHint')} required>
            <div className="stack" style={{ gap: 8 }}>
              {phones.map((phone, index) => (
                <div key={index} className="row">
                  <Input id={`phone-${index}`} aria-label={t('customer.create.phone')} type="tel" inputMode="tel" required={index === 0} value={phone} maxLength={40} onChange={(event) => setPhones(phones.map((other, at) => (at === index ? event.target.value : other)))} />
                  {index > 0 && <Button type="text" icon={<DeleteOutlined />} aria-label={t('frame.remove')} onClick={() => setPhones(phones.filter((_, at) => at !== index))} />}
                </div>
              ))}
              {phones.length < 10 && <Button type="dashed" size="small" icon={<PlusOutlined />} style={{ alignSelf: 'start' }} onClick={() => setPhones([...phones, ''])}>{t('customer.create.addPhone')}</Button>}
            </div>
          </Field>
          {box('company', t('field.company'), company, setCompany)}
          {box('region', t('field.region'), region, setRegion)}
          <Field label={t('field.level')} id="level"><Select<Level> id="level" style={{ width: 100 }} value={level} onChange={setLevel} options={LEVELS.map((value) => ({ value, label: value }))} /></Field>
          <Field label={t('customer.create.consent')} id="consent" hint={consent === 'granted' ? undefined : t('customer.create.noConsent')}>
            <Select<Consent> id="consent" style={{ width: 160 }} value={consent} onChange={setConsent} options={CONSENTS.map((value) => ({ value, label: t(`consent.${value}`) }))} />
          </Field>
          {consent !== 'unknown' && <Field label={t('customer.create.source')} id="source" hint={t('customer.create.sourceHint')} required><Input id="source" required value={source} maxLength={200} onChange={(event) => setSource(event.target.value)} /></Field>}
          {create.isError && <Failure error={create.error} />}
          <div><Button type="primary" htmlType="submit" loading={create.isPending}>{t('customer.create.submit')}</Button></div>
        </div>
      </form>
    </Page>
  )
}
