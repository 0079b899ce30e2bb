import { useMutation } from '@tanstack/react-query'
import { App, Button, Input, Radio } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { setLanguage } from '../i18n/i18n'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { Bones } from '../parts/slow'
import { DeskPhone } from '../phone/desk-phone'
import { useMay, useMe } from '../session/me'
import { useAppearance, type Choice } from '../theme/appearance'

const LENGTH_MIN = 10
/** Looked at rarely, with words and a QR code of their own. */
const MySecurity = lazy(async () => ({ default: (await import('../security/my-security')).MySecurity }))

/** Who I am, how it looks, and my password. */
export function MyAccount() {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const { chosen, choose } = useAppearance()
  const [mayAgent, mayPhone] = [useMay('agent:self'), useMay('agent:phone')]
  return (
    <div className="stack" style={{ maxWidth: 560, gap: 24 }}>
      <p style={{ fontSize: 16, fontWeight: 600 }}>{t('setting.signedIn', { name: me.name, role: t(`role.${me.role}`) })}</p>
      <Field id="language" label={t('frame.language')}><Radio.Group id="language" optionType="button" value={i18n.language.startsWith('zh') ? 'zh-CN' : 'en'} onChange={(event) => void setLanguage(event.target.value === 'en' ? 'en' : 'zh-CN')} options={[{ value: 'zh-CN', label: t('frame.toChinese') }, { value: 'en', label: t('frame.toEnglish') }]} /></Field>
      <Field id="appearance" label={t('frame.mode.switch')}><Radio.Group id="appearance" optionType="button" value={chosen} onChange={(event) => choose(event.target.value as Choice)} options={(['light', 'dark', 'system'] as const).map((value) => ({ value, label: t(`frame.mode.${value}`) }))} /></Field>
      {mayAgent && mayPhone && <section className="stack" style={{ gap: 12 }}><h2 style={{ fontSize: 14, fontWeight: 600 }}>{t('deskPhone.title')}</h2><DeskPhone agentId={me.userId} /></section>}
      <Password />
      <Suspense fallback={<Bones />}><MySecurity /></Suspense>
    </div>
  )
}

function Password() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [[current, next, again], set] = useState(['', '', ''])
  const save = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/change-password', { body: { currentPassword: current, newPassword: next } })),
    onSuccess: () => {
      set(['', '', ''])
      void message.success(t('setting.password.saved'))
    },
  })
  const fault = next.length > 0 && next.length < LENGTH_MIN ? t('setting.password.short') : again.length > 0 && again !== next ? t('setting.password.differs') : undefined
  return (
    <form className="stack" style={{ gap: 12 }} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <h2 style={{ fontSize: 14, fontWeight: 600 }}>{t('setting.password.title')}</h2>
      <Field id="current" label={t('setting.password.current')}><Input.Password id="current" required autoComplete="current-password" value={current} onChange={(event) => set([event.target.value, next, again])} /></Field>
      <Field id="next" label={t('setting.password.next')} hint={t('setting.password.short')}><Input.Password id="next" required autoComplete="new-password" value={next} onChange={(event) => set([current, event.target.value, again])} /></Field>
      <Field id="again" label={t('setting.password.again')} hint={fault}><Input.Password id="again" required autoComplete="new-password" status={fault ? 'error' : ''} value={again} onChange={(event) => set([current, next, event.target.value])} /></Field>
      {save.isError && <Failure error={save.error} />}
      <Button htmlType="submit" style={{ alignSelf: 'start' }} disabled={fault !== undefined || next === '' || again !== next} loading={save.isPending}>{t('setting.password.save')}</Button>
    </form>
  )
}
