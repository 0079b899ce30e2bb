import { MoonOutlined, SunOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Checkbox, Input } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { titlePlace } from '../frame/tab-title'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { setLanguage } from '../i18n/i18n'
import { Failure } from '../parts/failure'
import { useAppearance } from '../theme/appearance'
import './sign-in.css'

export function SignInPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { to } = useSearch({ from: '/sign-in' })
  const [needsCode, setNeedsCode] = useState(false)
  const enter = (): void => {
    queryClient.clear()
    void navigate({ href: to ?? '/' })
  }
  useEffect(() => titlePlace(t('signIn.title')), [t])
  return (
    <main className="sign-in">
      <Corner />
      {needsCode ? <CodeStep enter={enter} back={() => setNeedsCode(false)} /> : <PasswordStep next={(known) => (known.needsCode ? setNeedsCode(true) : enter())} />}
    </main>
  )
}

function Box({ submit, children }: { submit: () => void; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <form className="box" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <img src="/favicon.svg" alt="" />
      <h1>Loopline</h1>
      <p className="quiet">{t('signIn.tagline')}</p>
      {children}
    </form>
  )
}

function PasswordStep({ next }: { next: (known: { needsCode: boolean }) => void }) {
  const { t } = useTranslation()
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [rememberMe, setRememberMe] = useState(false)
  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/sign-in/username', { body: { username: username.trim(), password, rememberMe } })),
    onSuccess: next,
    onError: () => setPassword(''),
  })
  return (
    <Box submit={() => signIn.mutate()}>
      <label htmlFor="username">{t('signIn.username')}</label>
      <Input id="username" size="large" autoFocus required autoComplete="username" value={username} onChange={(event) => setUsername(event.target.value)} />
      <label htmlFor="password">{t('signIn.password')}</label>
      <Input.Password id="password" size="large" required autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
      <div style={{ margin: '16px 0' }}><Checkbox checked={rememberMe} onChange={(event) => setRememberMe(event.target.checked)}>{t('signIn.remember')}</Checkbox></div>
      {signIn.isError && <div style={{ marginBottom: 16 }}><Failure error={signIn.error} /></div>}
      <Button block size="large" type="primary" htmlType="submit" loading={signIn.isPending}>{t('signIn.submit')}</Button>
      <p className="quiet small" style={{ marginTop: 16, textAlign: 'center' }}>{t('signIn.forgot')}</p>
    </Box>
  )
}

/** The digits of the authenticator, or a code on paper when the telephone is not at hand. */
function CodeStep({ enter, back }: { enter: () => void; back: () => void }) {
  const { t } = useTranslation()
  const [code, setCode] = useState('')
  const [isPaper, setIsPaper] = useState(false)
  const verify = useMutation({
    mutationFn: () => {
      const body = { code: code.replaceAll(/\s/g, '') }
      return isPaper ? answer(api.POST('/api/auth/two-factor/verify-backup-code', { body })) : answer(api.POST('/api/auth/two-factor/verify-totp', { body }))
    },
    onSuccess: enter,
    onError: () => setCode(''),
  })
  const other = (): void => {
    setIsPaper(!isPaper)
    setCode('')
    verify.reset()
  }
  return (
    <Box submit={() => verify.mutate()}>
      <label htmlFor="code">{t(isPaper ? 'signIn.paper' : 'signIn.code')}</label>
      <Input key={String(isPaper)} id="code" size="large" autoFocus required inputMode={isPaper ? 'text' : 'numeric'} autoComplete={isPaper ? 'off' : 'one-time-code'} maxLength={40} value={code} onChange={(event) => setCode(event.target.value)} />
      <div style={{ margin: '8px 0 16px' }}><Button type="link" style={{ padding: 0 }} onClick={other}>{t(isPaper ? 'signIn.toCode' : 'signIn.toPaper')}</Button></div>
      {verify.isError && <div style={{ marginBottom: 16 }}><Failure error={verify.error} /></div>}
      <Button block size="large" type="primary" htmlType="submit" loading={verify.isPending}>{t('signIn.submit')}</Button>
      <Button block type="text" style={{ marginTop: 8 }} onClick={back}>{t('signIn.back')}</Button>
    </Box>
  )
}

function Corner() {
  const { t, i18n } = useTranslation()
  const { mode, choose } = useAppearance()
  const chinese = i18n.language.startsWith('zh')
  return (
    <div className="corner">
      <Button type="text" lang={chinese ? 'en' : 'zh-CN'} onClick={() => void setLanguage(chinese ? 'en' : 'zh-CN')}>{t(chinese ? 'frame.toEnglish' : 'frame.toChinese')}</Button>
      <Button type="text" icon={mode === 'dark' ? <SunOutlined /> : <MoonOutlined />} aria-label={t('frame.mode.switch')} onClick={() => choose(mode === 'dark' ? 'light' : 'dark')} />
    </div>
  )
}
