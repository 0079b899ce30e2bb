import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { lazy, Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../parts/page'
import { Bones } from '../parts/slow'
import type { SettingSection } from '../router'
import { useMay } from '../session/me'
import { Audit } from './audit'
import { Company } from './company'
import { MyAccount } from './my-account'
import { People } from './people'
import { SetClock } from './set-clock'

/** Looked at rarely, with words of their own. */
const LawPacksSetting = lazy(async () => ({ default: (await import('../compliance/law-packs')).LawPacksSetting }))
const Dnc = lazy(async () => ({ default: (await import('../compliance/dnc')).Dnc }))

/** What there is to set: me, the callees' clock, people, the law, do-not-call lists, and the audit for whom it is. */
export function SettingsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/settings' })
  const { section = 'me' } = useSearch({ from: '/frame/settings' })
  const [mayPeople, mayAudit, mayEdit, mayDnc] = [useMay('user:read'), useMay('audit:read'), useMay('setting:edit'), useMay('dnc:read')]
  const sections: { key: SettingSection; children: ReactNode; shown: boolean }[] = [
    { key: 'me', children: <MyAccount />, shown: true },
    { key: 'clock', children: <div className="stack" style={{ maxWidth: 520 }}><p className="quiet">{t('setting.clockText')}</p><SetClock />{mayEdit && <Company />}</div>, shown: true },
    { key: 'people', children: <People />, shown: mayPeople },
    { key: 'compliance', children: <Suspense fallback={<Bones />}><LawPacksSetting /></Suspense>, shown: true },
    { key: 'dnc', children: <Suspense fallback={<Bones />}><Dnc /></Suspense>, shown: mayDnc },
    { key: 'audit', children: <Audit />, shown: mayAudit },
  ]
  return (
    <Page title={t('setting.title')}>
      <Tabs activeKey={section} onChange={(key) => void navigate({ search: { section: key as SettingSection }, replace: true })} destroyOnHidden
        items={sections.filter(({ shown }) => shown).map(({ key, children }) => ({ key, label: t(`setting.${key}`), children }))} />
    </Page>
  )
}
