import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { FactorHeading } from './second-factor'
import { secondFactorQuery } from './security-queries'
import { Sessions, SignIns } from './sign-ins'
import './security-words'

/** What an admin sees and does of somebody's sign-ins. */
export function PersonSecurity({ userId }: { userId: string }) {
  return (
    <div className="stack" style={{ gap: 24 }}>
      <PersonFactor userId={userId} />
      <Sessions userId={userId} />
      <SignIns userId={userId} />
    </div>
  )
}

/** Turned off for whoever lost telephone and paper. */
function PersonFactor({ userId }: { userId: string }) {
  const { t } = useTranslation('security')
  const { message } = App.useApp()
  const { data, error } = useQuery(secondFactorQuery(userId))
  const remove = useMutation({
    mutationFn: () => answer(api.POST('/api/hub/users/{userId}/second-factor/remove', { params: { path: { userId } } })),
    onSuccess: () => {
      void message.success(t('factor.turnedOff'))
      void queryClient.invalidateQueries({ queryKey: ['security'] })
    },
  })
  return (
    <section className="stack" style={{ gap: 8 }}>
      <FactorHeading inForce={data?.inForce} />
      {error && <Failure error={error} />}
      {remove.isError && <Failure error={remove.error} />}
      {data?.inForce && (
        <Popconfirm title={t('person.removeFactor')} description={<div style={{ maxWidth: 280 }}>{t('person.removeFactorText')}</div>} onConfirm={() => remove.mutate()}>
          <Button danger style={{ alignSelf: 'start' }} loading={remove.isPending}>{t('person.removeFactor')}</Button>
        </Popconfirm>
      )}
    </section>
  )
}
