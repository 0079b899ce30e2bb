import { useQuery } from '@tanstack/react-query'
import { Button, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TransferCommand } from '@loopline/contracts/transfer'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { AgentStateSign } from '../parts/state-sign'
import { colleaguesQuery, type Colleague } from './transfer-queries'
import './transfer.css'

type Ask = Extract<TransferCommand, { do: 'ask' }>
const KINDS = ['consult', 'blind'] as const

/** Whom to ask: by name with his state, or the next who is ready. Typing finds, Enter asks the first who can be asked. */
export function ColleaguePicker({ hasCampaign, ask }: { hasCampaign: boolean; ask: (ask: Ask) => void }) {
  const { t } = useTranslation()
  const [kind, setKind] = useState<Ask['kind']>('consult')
  const [wanted, setWanted] = useState('')
  const [note, setNote] = useState('')
  const { data, error, refetch } = useQuery(colleaguesQuery)
  const found = (data?.items ?? []).filter(({ name }) => name.toLowerCase().includes(wanted.trim().toLowerCase()))
  const first = found.find(({ canBeAsked }) => canBeAsked)
  const send = (to: Ask['to']): void => ask({ do: 'ask', kind, to, note: note.trim() })
  return (
    <div className="colleague-picker" role="dialog" aria-label={t('transfer.title')}>
      <Segmented block value={kind} onChange={setKind} options={KINDS.map((value) => ({ value, label: t(`transfer.kind.${value}`) }))} />
      <p className="quiet small">{t(`transfer.kindHint.${kind}`)}</p>
      <Input autoFocus value={wanted} aria-label={t('transfer.search')} placeholder={t('transfer.search')} onChange={({ target }) => setWanted(target.value)} onPressEnter={() => first && send({ agentId: first.agentId })} />
      {error ? <Failure error={error} retry={() => void refetch()} /> : data ? <Colleagues items={found} pick={(agentId) => send({ agentId })} /> : <Slow><Bones lines={3} /></Slow>}
      <Input value={note} maxLength={300} aria-label={t('transfer.note')} placeholder={t('transfer.note')} onChange={({ target }) => setNote(target.value)} />
      <div className="row wrap">
        {hasCampaign && <Button size="small" onClick={() => send({ next: 'campaign' })}>{t('transfer.next.campaign')}</Button>}
        <Button size="small" onClick={() => send({ next: 'anybody' })}>{t('transfer.next.anybody')}</Button>
      </div>
      <p className="quiet small">{t('transfer.keys')}</p>
    </div>
  )
}

function Colleagues({ items, pick }: { items: readonly Colleague[]; pick: (agentId: string) => void }) {
  const { t } = useTranslation()
  if (items.length === 0) return <p className="quiet small">{t('transfer.nobody')}</p>
  return (
    <ul className="colleagues">
      {items.map(({ agentId, name, state, canBeAsked, sameCampaign }) => (
        <li key={agentId}>
          <Button block type="text" disabled={!canBeAsked} onClick={() => pick(agentId)}>
            <span className="cut">{name}</span>
            {sameCampaign && <span className="quiet small">{t('transfer.sameCampaign')}</span>}
            <AgentStateSign state={state} />
          </Button>
        </li>
      ))}
    </ul>
  )
}
