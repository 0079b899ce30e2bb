import { useMutation } from '@tanstack/react-query'
import { App, Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { useMay } from '../session/me'
import { errorText } from '../words/reason'

const LENGTH_MAX = 300

/** Words to an agent, from the wallboard; how many he has not read yet stands beside. */
export function SendMessage({ agentId, name, unread }: { agentId: string; name: string; unread: number }) {
  const { t, i18n } = useTranslation()
  const may = useMay('agent:message')
  const { modal, message } = App.useApp()
  const send = useMutation({
    mutationFn: (text: string) => answer(api.POST('/api/dialer/agents/{agentId}/messages', { params: { path: { agentId } }, body: { text } })),
    onSuccess: () => void message.success(t('message.sent')),
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      void message.error(`${text} (${code})`, 6)
    },
  })
  if (!may) return null
  const open = (): void => {
    let text = ''
    modal.confirm({
      title: t('message.title', { name }), icon: null, okText: t('message.go'), cancelText: t('frame.cancel'),
      content: <Input.TextArea autoFocus aria-label={t('message.text')} placeholder={t('message.text')} maxLength={LENGTH_MAX} autoSize={{ minRows: 2 }} onChange={({ target }) => { text = target.value }} />,
      onOk: () => (text.trim() === '' ? Promise.reject(new Error('empty')) : send.mutateAsync(text.trim())),
    })
  }
  return <Button size="small" type="text" onClick={open}>{t('message.send')}{unread > 0 && <span className="quiet small"> · {t('message.unread', { count: unread })}</span>}</Button>
}
