import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const SHOW_AFTER_MS = 300

/** Shows its children only when the wait is worth showing: a flash of bones is worse than none. */
export function Slow({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SHOW_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return slow ? <div role="status" aria-label={t('frame.loading')}>{children}</div> : null
}

/** A page on its way: bones where text will be. */
export function Bones({ lines = 6 }: { lines?: number }) {
  return (
    <div className="stack" aria-hidden>
      {Array.from({ length: lines }, (_, index) => <span key={index} className="bone" style={{ width: `${80 - ((index * 29) % 50)}%` }} />)}
    </div>
  )
}
