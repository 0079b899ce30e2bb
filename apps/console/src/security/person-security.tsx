import { useMutation } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { Failure } from '../parts/failure'
import { Sessions, SignIns } from './sign-ins'
import './security-words'

/** What an admin sees and does of somebody's sign-ins. */
export function PersonSecurity({ userId }: { userId: string }) {
  const { t } = useTranslation('security')
  const { message } = App.useApp()
  const remove = useMutation({
    mutationFn: () => answer(api.POST('/api/hub/users/{userId}/second-factor/remove', { params: { path: { userId } } })),
    onSuccess: () => void message.success(t('factor.turnedOff')),
  })
  return (
    <div className="stack" style={{ gap: 24 }}>
      <Sessions userId={userId} />
      <SignIns userId={userId} />
      {remove.isError && <Failure error={remove.error} />}
      <Popconfirm title={t('person.removeFactor')} description={<div style={{ maxWidth: 280 }}>{t('person.removeFactorText')}</div>} onConfirm={() => remove.mutate()}>
        <Button danger style={{ alignSelf: 'start' }} loading={remove.isPending}>{t('person.removeFactor')}</Button>
      </Popconfirm>
    </div>
  )
}
