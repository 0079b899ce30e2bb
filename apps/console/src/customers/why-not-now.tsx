import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { campaignListQuery } from '../campaigns/campaign-queries'
import { WhyNotAnswer } from './why-not-answer'

/** For a customer: choose a campaign, learn what stands against a call now. */
export function WhyNotNow({ customerId }: { customerId: string }) {
  const { t } = useTranslation()
  const { data } = useQuery(campaignListQuery)
  const [campaignId, setCampaignId] = useState<string | null>(null)
  const campaigns = data?.items ?? []
  const chosen = campaignId ?? campaigns.find(({ state }) => state === 'running')?.campaignId ?? null
  if (data && campaigns.length === 0) return <p className="quiet small">{t('customer.whyNot.noCampaign')}</p>
  return (
    <div className="stack" style={{ gap: 12 }}>
      <Select<string> aria-label={t('customer.whyNot.choose')} placeholder={t('customer.whyNot.choose')} value={chosen} onChange={setCampaignId} style={{ width: '100%' }} showSearch={{ optionFilterProp: 'label' }}
        options={campaigns.map((campaign) => ({ value: campaign.campaignId, label: `${campaign.name} · ${t(`campaignState.${campaign.state}`)}` }))} />
      {chosen && <WhyNotAnswer key={chosen} campaignId={chosen} customerId={customerId} />}
    </div>
  )
}
