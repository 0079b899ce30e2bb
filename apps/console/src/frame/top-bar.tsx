import { LogoutOutlined, MoonOutlined, SunOutlined, UserOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown, type InputRef } from 'antd'
import { lazy, Suspense, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api/client'
import { stopLive } from '../api/live'
import { queryClient } from '../api/queries'
import { setLanguage } from '../i18n/i18n'
import { useMay, useMe } from '../session/me'
import { useAppearance } from '../theme/appearance'
import { CalleeClock } from './callee-clock'
import { LiveIndicator } from './live-indicator'
import { SearchBox } from './search-box'

/** Loaded for those who have a telephone only. */
const PhoneBar = lazy(async () => ({ default: (await import('../phone/phone-bar')).PhoneBar }))

/** Search, the callees' time, whether push is up, language, appearance, and who I am. */
export function TopBar({ searchBox }: { searchBox: RefObject<InputRef | null> }) {
  const { t, i18n } = useTranslation()
  const { mode, choose } = useAppearance()
  const chinese = i18n.language.startsWith('zh')
  const hasPhone = useMay('agent:self')
  return (
    <header className="top">
      <SearchBox box={searchBox} />
      <span className="gap" />
      {hasPhone && <Suspense fallback={null}><PhoneBar /></Suspense>}
      <CalleeClock />
      <LiveIndicator />
      <Button type="text" size="small" lang={chinese ? 'en' : 'zh-CN'} onClick={() => void setLanguage(chinese ? 'en' : 'zh-CN')}>{chinese ? t('frame.toEnglish') : t('frame.toChinese')}</Button>
      <Button type="text" size="small" icon={mode === 'dark' ? <SunOutlined /> : <MoonOutlined />} aria-label={t('frame.mode.switch')} title={t('frame.mode.switch')} onClick={() => choose(mode === 'dark' ? 'light' : 'dark')} />
      <MyMenu />
    </header>
  )
}

function MyMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: () => api.POST('/api/auth/sign-out'),
    onSettled: () => {
      stopLive()
      queryClient.clear()
      void navigate({ to: '/sign-in' })
    },
  })
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items: [
        { key: 'who', label: `${me.name} · ${t(`role.${me.role}`)}`, disabled: true },
        { key: 'me', icon: <UserOutlined />, label: t('frame.me'), onClick: () => void navigate({ to: '/settings' }) },
        { type: 'divider' },
        { key: 'out', icon: <LogoutOutlined />, label: t('frame.signOut'), onClick: () => signOut.mutate() },
      ] }}
    >
      <button type="button" className="plain chip"><UserOutlined aria-hidden /><span className="spare">{me.name}</span></button>
    </Dropdown>
  )
}
