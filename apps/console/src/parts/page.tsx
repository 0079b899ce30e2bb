import { Link } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'
import { titlePlace } from '../frame/tab-title'

interface PageProps {
  title: string
  /** Beside the title. */
  lead?: ReactNode
  actions?: ReactNode
  back?: { to: string; word: string }
  width?: 'narrow' | 'full'
  children: ReactNode
}

/** One page inside the frame; names the browser's tab. */
export function Page({ title, lead, actions, back, width, children }: PageProps) {
  useEffect(() => {
    titlePlace(title)
  }, [title])
  return (
    <div className={`page ${width ?? ''}`}>
      {back && <Link to={back.to} className="back"><span aria-hidden>←</span>{back.word}</Link>}
      <header className="page-head">
        <h1>{title}</h1>
        {lead}
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
