import { Outlet, useRouterState } from '@tanstack/react-router'
import type { InputRef } from 'antd'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { startLive, whenRightsChange } from '../api/live'
import { useResync } from '../api/live-queries'
import { queryClient } from '../api/queries'
import { meQuery } from '../session/me'
import { Bones, Slow } from '../parts/slow'
import { Help } from './help'
import { Rail } from './rail'
import { TopBar } from './top-bar'
import { useShortcuts } from './use-shortcuts'

/** Places on the left, the bar on top, the page in the middle; push runs while it is shown. */
export function Frame() {
  const { t } = useTranslation()
  const searchBox = useRef<InputRef>(null)
  const [help, setHelp] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  useResync()
  useShortcuts({ search: () => searchBox.current?.focus({ cursor: 'all' }), help: () => setHelp(true) })
  useEffect(() => {
    startLive()
    return whenRightsChange(() => void queryClient.invalidateQueries({ queryKey: meQuery.queryKey }))
  }, [])
  return (
    <div className="frame">
      <a className="skip" href="#content">{t('frame.skip')}</a>
      <Rail openHelp={() => setHelp(true)} />
      <TopBar searchBox={searchBox} />
      <main id="content" tabIndex={-1} className="content" style={{ outline: 'none' }} key={path.split('/')[1]}>
        <Suspense fallback={<div className="page"><Slow><Bones /></Slow></div>}><Outlet /></Suspense>
      </main>
      <Help open={help} close={() => setHelp(false)} />
    </div>
  )
}
