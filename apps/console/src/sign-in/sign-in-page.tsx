import { MoonOutlined, SunOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Checkbox, Input } from 'antd'
import { useEffect, useState } from 'react'
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
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [rememberMe, setRememberMe] = useState(false)
  const signIn = useMutation({
    mutationFn: () => answer(api.POST('/api/auth/sign-in/username', { body: { username: username.trim(), password, rememberMe } })),
    onSuccess: () => {
      queryClient.clear()
      void navigate({ href: to ?? '/' })
    },
    onError: () => setPassword(''),
  })
  useEffect(() => titlePlace(t('signIn.title')), [t])
  return (
    <main className="sign-in">
      <Corner />
      <form className="box" onSubmit={(event) => { event.preventDefault(); signIn.mutate() }}>
        <img src="/favicon.svg" alt="" />
        <h1>Loopline</h1>
        <p className="quiet">{t('signIn.tagline')}</p>
        <label htmlFor="username">{t('signIn.username')}</label>
        <Input id="username" size="large" autoFocus required autoComplete="username" value={username} onChange={(event) => setUsername(event.target.value)} />
        <label htmlFor="password">{t('signIn.password')}</label>
        <Input.Password id="password" size="large" required autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
        <div style={{ margin: '16px 0' }}><Checkbox checked={rememberMe} onChange={(event) => setRememberMe(event.target.checked)}>{t('signIn.remember')}</Checkbox></div>
        {signIn.isError && <div style={{ marginBottom: 16 }}><Failure error={signIn.error} /></div>}
        <Button block size="large" type="primary" htmlType="submit" loading={signIn.isPending}>{t('signIn.submit')}</Button>
        <p className="quiet small" style={{ marginTop: 16, textAlign: 'center' }}>{t('signIn.forgot')}</p>
      </form>
    </main>
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
