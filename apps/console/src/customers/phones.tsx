import { EyeInvisibleOutlined, EyeOutlined, PhoneOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button, Tooltip } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CustomerView } from '@loopline/contracts/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { useMay } from '../session/me'
import { errorText } from '../words/reason'
import { useDial } from './dial-button'

const SHOWN_MS = 30_000

/** The customer's numbers, masked: dialled by one key, shown only to whom that is allowed, and then noted in the audit. */
export function Phones({ customer }: { customer: CustomerView }) {
  return <div>{customer.phones.map((phone) => <OnePhone key={phone.phoneId} customerId={customer.customerId} phone={phone} />)}</div>
}

function OnePhone({ customerId, phone }: { customerId: string; phone: CustomerView['phones'][number] }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const mayDial = useMay('call:dial')
  const mayReveal = useMay('phone:reveal')
  const [shown, setShown] = useState<string | null>(null)
  const refused = (error: unknown): void => {
    const { text, code } = errorText(i18n, error)
    void message.error(`${text} (${code})`, 6)
  }
  const dial = useDial()
  const reveal = useMutation({
    mutationFn: () => answer(api.POST('/api/crm/customers/{customerId}/phones/{phoneId}/reveal', { params: { path: { customerId, phoneId: phone.phoneId } } })),
    onSuccess: (revealed) => {
      setShown(revealed.phone)
      void message.info(t('customer.record.revealed'))
    },
    onError: refused,
  })
  useEffect(() => {
    if (shown === null) return undefined
    const timer = setTimeout(() => setShown(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [shown])
  const invalid = phone.state === 'invalid'
  return (
    <div className={`phone ${invalid ? 'invalid' : ''}`}>
      <span className="masked grow cut">{shown ?? phone.masked}</span>
      {invalid && <span className="tag">{t('customer.record.invalidPhone')}</span>}
      {mayReveal && (shown === null
        ? <Tooltip title={t('customer.record.reveal')}><Button type="text" size="small" icon={<EyeOutlined />} aria-label={t('customer.record.reveal')} loading={reveal.isPending} onClick={() => reveal.mutate()} /></Tooltip>
        : <Button type="text" size="small" icon={<EyeInvisibleOutlined />} aria-label={t('customer.record.hide')} onClick={() => setShown(null)} />)}
      {mayDial && !invalid && <Button type="primary" size="small" icon={<PhoneOutlined />} loading={dial.isPending} onClick={() => dial.mutate({ customerId, phoneId: phone.phoneId })}>{t('customer.record.dial')}</Button>}
    </div>
  )
}
