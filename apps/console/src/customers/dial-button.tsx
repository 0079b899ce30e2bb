import { PhoneOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer, given } from '../api/answer'
import { api } from '../api/client'
import { useMay } from '../session/me'
import { errorText } from '../words/reason'

/** Calls somebody by hand. The page names the customer, never a number: which one is dialled, and whether, the dialer decides. */
export function useDial() {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ customerId, phoneId }: { customerId: string; phoneId?: string | undefined }) => answer(api.POST('/api/dialer/calls', { body: { customerId, ...given({ phoneId }) } })),
    onSuccess: () => void message.success(t('customer.record.dialed')),
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      void message.error(`${text} (${code})`, 6)
    },
  })
}

/** One click calls, wherever a customer is named; absent for who may not dial. In a table, `d` on the row does the same. */
export function DialButton({ customerId, name }: { customerId: string; name: string | null }) {
  const { t } = useTranslation()
  const dial = useDial()
  if (!useMay('call:dial')) return null
  const label = name === null ? t('customer.record.dial') : t('customer.record.dialWhom', { name })
  return <Button data-dial type="text" size="small" icon={<PhoneOutlined />} aria-label={label} title={label} loading={dial.isPending} onClick={() => dial.mutate({ customerId })} />
}
