import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App as AntApp, ConfigProvider } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { useTranslation } from 'react-i18next'
import { queryClient } from './api/queries'
import { startLanguage } from './i18n/i18n'
import { router } from './router'
import { useAppearance } from './theme/appearance'
import { themeOf } from './theme/tokens'
import './theme/base.css'

function Console() {
  const { mode } = useAppearance()
  const { i18n } = useTranslation()
  return (
    <ConfigProvider theme={themeOf(mode)} button={{ autoInsertSpace: false }} locale={i18n.language.startsWith('zh') ? zhCN : enUS}>
      <AntApp>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  )
}

const root = document.getElementById('root')
if (root) void startLanguage().then(() => createRoot(root).render(<StrictMode><Console /></StrictMode>))
