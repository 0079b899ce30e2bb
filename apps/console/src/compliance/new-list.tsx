import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Input, Radio, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CreateDncList } from '@loopline/contracts/dnc'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { campaignListQuery } from '../campaigns/campaign-queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { dncListsQuery } from './dnc-queries'

const KINDS = ['own', 'registry', 'campaign'] as const

/** Another list: of ours, a registry's copy, or one campaign's. */
export function NewList({ done }: { done: () => void }) {
  const { t } = useTranslation('compliance')
  const { message } = App.useApp()
  const [kind, setKind] = useState<(typeof KINDS)[number]>('registry')
  const [name, setName] = useState('')
  const [registry, setRegistry] = useState('')
  const [campaignId, setCampaignId] = useState<string | null>(null)
  const { data: campaigns } = useQuery({ ...campaignListQuery, enabled: kind === 'campaign' })
  const wanted = (): CreateDncList => (kind === 'own' ? { kind, name } : kind === 'registry' ? { kind, name, registry } : { kind, name, campaignId: campaignId ?? '' })
  const create = useMutation({
    mutationFn: () => answer(api.POST('/api/dialer/dnc/lists', { body: wanted() })),
    onSuccess: async () => {
      void message.success(t('dnc.created'))
      await queryClient.invalidateQueries({ queryKey: dncListsQuery.queryKey })
      done()
    },
  })
  const isReady = name.trim() !== '' && (kind === 'own' || (kind === 'registry' ? /^[a-z0-9][a-z0-9-]{1,39}$/.test(registry) : campaignId !== null))
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); create.mutate() }}>
      <Radio.Group aria-label={t('dnc.kindColumn')} value={kind} onChange={(event) => setKind(event.target.value as (typeof KINDS)[number])} options={KINDS.map((value) => ({ value, label: t(`dnc.kind.${value}`) }))} />
      <Field id="list-name" label={t('dnc.name')} required><Input id="list-name" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} /></Field>
      {kind === 'registry' && <Field id="list-registry" label={t('dnc.registry')} hint={t('dnc.registryHint')} required><Input id="list-registry" maxLength={40} value={registry} onChange={(event) => setRegistry(event.target.value)} /></Field>}
      {kind === 'campaign' && <Field id="list-campaign" label={t('dnc.campaign')} required><Select<string> id="list-campaign" style={{ width: '100%' }} value={campaignId} onChange={setCampaignId} options={(campaigns?.items ?? []).map((campaign) => ({ value: campaign.campaignId, label: campaign.name }))} /></Field>}
      {create.isError && <Failure error={create.error} />}
      <Button type="primary" htmlType="submit" disabled={!isReady} loading={create.isPending}>{t('dnc.create')}</Button>
    </form>
  )
}
