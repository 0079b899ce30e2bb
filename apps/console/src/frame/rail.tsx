import { ApiOutlined, BarChartOutlined, BranchesOutlined, CustomerServiceOutlined, DashboardOutlined, HistoryOutlined, PhoneOutlined, QuestionCircleOutlined, SettingOutlined, TeamOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../session/me'
import { companyQuery } from '../settings/setting-queries'
import { PLACES } from './places'

const ICONS: Record<(typeof PLACES)[number]['name'], ReactNode> = {
  workbench: <CustomerServiceOutlined />, live: <DashboardOutlined />, customers: <TeamOutlined />, campaigns: <PhoneOutlined />, calls: <HistoryOutlined />, reports: <BarChartOutlined />, rules: <BranchesOutlined />, lines: <ApiOutlined />, settings: <SettingOutlined />,
}

/** The rail: places the person may see. Those that are not allowed are not there. */
export function Rail({ openHelp }: { openHelp: () => void }) {
  const { t } = useTranslation()
  const { can } = useMe()
  const company = useQuery(companyQuery)
  return (
    <div className="rail">
      <div className="brand"><img src="/favicon.svg" alt="" /><span className="cut">{company.data?.name || 'Loopline'}</span></div>
      <nav aria-label={t('frame.places')}>
        {PLACES.filter(({ may }) => can[may] !== undefined).map(({ name, to, key }) => (
          <Link key={name} to={to} className="place" activeProps={{ 'data-here': '' }} title={t(`frame.place.${name}`)}>
            {ICONS[name]}<span className="word">{t(`frame.place.${name}`)}</span><kbd aria-hidden>g {key}</kbd>
          </Link>
        ))}
      </nav>
      <div className="foot">
        <button type="button" className="plain place" style={{ width: '100%', display: 'flex' }} onClick={openHelp}>
          <QuestionCircleOutlined /><span className="word">{t('frame.help.open')}</span><kbd aria-hidden>?</kbd>
        </button>
      </div>
    </div>
  )
}
