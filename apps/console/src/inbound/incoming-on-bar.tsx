import { PhoneOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { PAGE_ID, type Agent } from '../phone/agent-queries'
import { soundNewCall } from '../phone/new-call-tone'
import { useCallerName } from './caller-name'
import { useDeclineCaller, useTakeCaller } from './inbound-queries'
import './inbound.css'

const RING_EVERY_MS = 2_400

/** Somebody calls, on whatever page the agent is: Enter and Escape answer, with Ctrl while something is typed. */
export function IncomingOnBar({ agent, call }: { agent: Agent; call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const name = useCallerName()
  const take = useTakeCaller()
  const decline = useDeclineCaller()
  const { attemptId, inbound } = call
  useRinging(agent.pageId === PAGE_ID)
  useAnswerKeys(attemptId, take.mutate, decline.mutate)
  return (
    <div className="row incoming" role="alert" aria-label={t('inbound.title')} title={inbound ? t(`inbound.because.${inbound.because}`) : undefined}>
      <span className="bell" aria-hidden>☎</span>
      <strong className="cut">{t('inbound.rings', { name: name(call) })}</strong>
      <Button size="small" type="primary" icon={<PhoneOutlined aria-hidden />} loading={take.isPending} onClick={() => take.mutate(attemptId)}>{t('inbound.accept')}</Button>
      <Button size="small" loading={decline.isPending} onClick={() => decline.mutate(attemptId)}>{t('inbound.decline')}</Button>
    </div>
  )
}

export function useRinging(isHere: boolean): void {
  useEffect(() => {
    if (!isHere) return undefined
    const ringing = setInterval(soundNewCall, RING_EVERY_MS)
    return () => clearInterval(ringing)
  }, [isHere])
}

const CONTROL = /^(INPUT|TEXTAREA|SELECT|BUTTON|A)$/

/** A key that means something where it is pressed is left alone: there Ctrl with it answers. */
export function useAnswerKeys(attemptId: string, take: (attemptId: string) => void, decline: (attemptId: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.key !== 'Enter' && event.key !== 'Escape') || event.defaultPrevented || event.repeat) return
      const withControl = event.ctrlKey || event.metaKey
      const isTheirs = event.target instanceof HTMLElement && (CONTROL.test(event.target.tagName) || event.target.closest('[role="dialog"]') !== null)
      if (isTheirs && !withControl) return
      event.preventDefault()
      if (event.key === 'Enter') take(attemptId)
      else decline(attemptId)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [attemptId, take, decline])
}
