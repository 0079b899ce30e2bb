import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { companyQuery } from './setting-queries'

/** The name in the corner. */
export function Company() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { data } = useQuery(companyQuery)
  const [name, setName] = useState<string | null>(null)
  const save = useMutation({
    mutationFn: () => answer(api.PUT('/api/hub/settings/company-name', { body: { version: data?.version ?? 0, name: (name ?? '').trim() } })),
    onSuccess: (saved) => {
      queryClient.setQueryData(companyQuery.queryKey, saved)
      setName(null)
      void message.success(t('setting.companySaved'))
    },
  })
  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Field id="company" label={t('setting.company')}>
        <div className="row"><Input id="company" required maxLength={100} value={name ?? data?.name ?? ''} onChange={(event) => setName(event.target.value)} /><Button htmlType="submit" disabled={name === null || name.trim() === ''} loading={save.isPending}>{t('frame.save')}</Button></div>
      </Field>
      {save.isError && <Failure error={save.error} />}
    </form>
  )
}
