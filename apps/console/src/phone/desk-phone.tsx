import { CopyOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DeskPhoneCredentials, DeskPhoneSettings } from '@loopline/contracts/agent'
import { useLive } from '../api/live'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { deskPhoneQuery, useRemoveDeskPhone, useRenewDeskPhone } from './desk-phone-queries'
import './phone.css'

/** The telephone on somebody's desk: whether it is there, and a secret that is shown once. */
export function DeskPhone({ agentId }: { agentId: string }) {
  const { data, error, isPending, refetch } = useQuery(deskPhoneQuery(agentId))
  const renew = useRenewDeskPhone(agentId)
  const remove = useRemoveDeskPhone(agentId)
  useLive((message) => { if (message.topic === 'agent' && message.agent.agentId === agentId) void queryClient.invalidateQueries({ queryKey: deskPhoneQuery(agentId).queryKey }) })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones lines={3} /></Slow>
  const failure = renew.error ?? remove.error
  return (
    <div className="stack desk-phone" style={{ gap: 12 }}>
      <Standing settings={data} />
      {renew.data && <Secret credentials={renew.data} hide={renew.reset} />}
      {failure && <Failure error={failure} />}
      <Acts hasPhone={data.phone !== null} busy={renew.isPending || remove.isPending} renew={() => renew.mutate()} remove={() => { renew.reset(); remove.mutate() }} />
    </div>
  )
}

function Standing({ settings: { phone, servers } }: { settings: DeskPhoneSettings }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <>
      {servers.length === 0 && <p role="alert" style={{ color: 'var(--warn)' }}>{t('deskPhone.noServer')}</p>}
      {phone === null ? <p className="quiet">{t('deskPhone.none')}</p>
        : <p><strong>{phone.user}</strong> <span className="tag">{t(`deskPhone.leg.${phone.leg}`)}</span> <span className="quiet small">{t('deskPhone.made', { at: format.instant(phone.madeAt) })}</span></p>}
    </>
  )
}

function Acts({ hasPhone, busy, renew, remove }: { hasPhone: boolean; busy: boolean; renew: () => void; remove: () => void }) {
  const { t } = useTranslation()
  if (!hasPhone) return <Button type="primary" style={{ alignSelf: 'start' }} loading={busy} onClick={renew}>{t('deskPhone.make')}</Button>
  return (
    <div className="row">
      <Popconfirm title={t('deskPhone.renewSure')} okText={t('deskPhone.renew')} cancelText={t('frame.cancel')} onConfirm={renew}><Button loading={busy}>{t('deskPhone.renew')}</Button></Popconfirm>
      <Popconfirm title={t('deskPhone.removeSure')} okText={t('deskPhone.remove')} cancelText={t('frame.cancel')} onConfirm={remove}><Button danger type="text" disabled={busy}>{t('deskPhone.remove')}</Button></Popconfirm>
    </div>
  )
}

/** What is typed into the telephone. The secret in groups of four: it is read here and typed there, perhaps by few keys. */
function Secret({ credentials: { user, secret, realm, servers }, hide }: { credentials: DeskPhoneCredentials; hide: () => void }) {
  const { t } = useTranslation()
  const rows: [string, string][] = [...servers.map(({ transport, address }): [string, string] => [`${t('deskPhone.server')} (${transport.toUpperCase()})`, address]), [t('deskPhone.user'), user], [t('deskPhone.realm'), realm]]
  return (
    <section className="panel" aria-live="polite">
      <div className="inside stack" style={{ gap: 8 }}>
        <p style={{ color: 'var(--warn)' }}>{t('deskPhone.once')}</p>
        <dl className="facts" style={{ gridTemplateColumns: '150px minmax(0, 1fr)' }}>
          {rows.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}><code>{value}</code> <Copy name={name} value={value} /></dd>])}
          <dt>{t('deskPhone.secret')}</dt>
          <dd><code className="secret">{(secret.match(/.{1,4}/g) ?? []).map((part, index) => <span key={index}>{part}</span>)}</code> <Copy name={t('deskPhone.secret')} value={secret} /></dd>
        </dl>
        <Button style={{ alignSelf: 'start' }} onClick={hide}>{t('deskPhone.done')}</Button>
      </div>
    </section>
  )
}

/** Absent where the browser allows no clipboard: on pages that are not secure. */
function Copy({ name, value }: { name: string; value: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard
  if (!clipboard) return null
  return <Button type="text" size="small" icon={<CopyOutlined />} aria-label={`${t('deskPhone.copy')}: ${name}`} onClick={() => void clipboard.writeText(value).then(() => message.success(t('deskPhone.copied')))} />
}
