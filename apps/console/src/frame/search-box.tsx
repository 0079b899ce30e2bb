import { SearchOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input, type InputRef } from 'antd'
import { useEffect, useState, type RefObject } from 'react'
import { useTranslation } from 'react-i18next'

const TYPING_PAUSE_MS = 250

/** Search over customers from anywhere; on the list itself it follows the address, and the address follows it. */
export function SearchBox({ box }: { box: RefObject<InputRef | null> }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const address = useSearch({ strict: false })
  const searched = 'search' in address && typeof address.search === 'string' ? address.search : ''
  const [text, setText] = useState(searched)
  const [seen, setSeen] = useState(searched)
  const [sent, setSent] = useState(searched)
  // The address is followed when somebody else changed it; its echo of what was typed must not undo the next letter.
  if (seen !== searched) {
    setSeen(searched)
    if (searched !== sent) setText(searched)
  }
  const go = (search: string): void => {
    setSent(search.trim())
    void navigate({ to: '/customers', search: (before) => ({ ...before, search: search.trim() || undefined }) })
  }
  useEffect(() => {
    // Only what is typed on the list itself searches while typing: elsewhere a half-typed word must not carry one away.
    if (text.trim() === searched || !location.pathname.endsWith('/customers')) return undefined
    const timer = setTimeout(() => go(text), TYPING_PAUSE_MS)
    return () => clearTimeout(timer)
  })
  return (
    <Input
      ref={box} className="search" type="search" variant="filled" allowClear prefix={<SearchOutlined className="quiet" />} suffix={<kbd aria-hidden>/</kbd>}
      aria-label={t('frame.search')} placeholder={t('frame.search')} value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => { if (event.key === 'Enter') go(text); if (event.key === 'Escape') box.current?.blur() }}
    />
  )
}
