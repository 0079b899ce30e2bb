import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { PAGE_ID, useAct, type Agent } from '../phone/agent-queries'
import { soundNewCall } from '../phone/new-call-tone'
import './messages.css'

/** A lead's words, the oldest first, until they are read: with a tone, and spoken by a screen reader. */
export function MessagesOnBar({ agent: { messages, pageId } }: { agent: Agent }) {
  const { t } = useTranslation()
  const read = useAct((messageId: string) => answer(api.POST('/api/dialer/agents/me/messages/{messageId}/read', { params: { path: { messageId } } })))
  const last = messages.at(-1)?.messageId ?? null
  const sounded = useRef<string | null>(null)
  useEffect(() => {
    if (last === null || sounded.current === last) return
    sounded.current = last
    if (pageId === PAGE_ID) soundNewCall()
  }, [last, pageId])
  const [first] = messages
  return (
    <div className="row lead-message-place" role="status" aria-live="assertive" aria-label={t('message.incoming')}>
      {first && <span className="row strip-line lead-message">
        <span className="text"><strong>{t('message.from', { name: first.from })}</strong>{first.text}</span>
        {messages.length > 1 && <span className="quiet small numbers">{t('message.unread', { count: messages.length })}</span>}
        <Button size="small" loading={read.isPending} onClick={() => read.mutate(first.messageId)}>{t('message.read')}</Button>
      </span>}
    </div>
  )
}
