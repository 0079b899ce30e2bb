import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { WhyNotAnswer } from '../customers/why-not-answer'

/** For a campaign: find any customer, learn why he is not dialled now. */
export function WhyNotBox({ campaignId }: { campaignId: string }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const [customerId, setCustomerId] = useState<string | null>(null)
  const { data, isFetching } = useQuery({
    queryKey: ['find-customer', search], enabled: search.trim() !== '',
    queryFn: ({ signal }) => answer(api.GET('/api/crm/customers', { params: { query: { search: search.trim(), limit: 8, view: 'all', sort: 'updated' } }, signal })),
  })
  return (
    <div className="stack" style={{ gap: 12 }}>
      <Select<string> aria-label={t('customer.whyNot.chooseCustomer')} placeholder={t('customer.whyNot.chooseCustomer')} style={{ width: '100%' }} value={customerId} loading={isFetching} showSearch={{ filterOption: false, onSearch: setSearch }}
        onChange={setCustomerId} notFoundContent={search && !isFetching ? t('customer.empty.found') : null}
        options={(data?.items ?? []).map((customer) => ({ value: customer.customerId, label: `${customer.name} · ${customer.company ?? ''} · ${customer.phones[0]?.masked ?? ''}` }))} />
      {customerId && <WhyNotAnswer key={customerId} campaignId={campaignId} customerId={customerId} />}
    </div>
  )
}
