import { PhoneOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { PAGE_ID, type Agent } from '../phone/agent-queries'
import { soundNewCall } from '../phone/new-call-tone'
import { useNow } from '../phone/use-clock'
import { useCallerName } from './caller-name'
import { useDeclineCaller, useTakeCaller } from './inbound-queries'
import './inbound.css'

const RING_EVERY_MS = 2_400

/** Somebody calls: who, why here, and the two answers; on every page, by Enter and Escape, or with Ctrl while something is typed. */
export function IncomingOnBar({ agent, call }: { agent: Agent; call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const name = useCallerName()
  const take = useTakeCaller()
  const decline = useDeclineCaller()
  const { attemptId, decideBy, inbound } = call
  const isHere = agent.pageId === PAGE_ID
  const now = useNow(decideBy !== null)
  const left = decideBy === null ? null : Math.max(0, Math.round((Date.parse(decideBy) - now) / 1_000))
  useRinging(isHere)
  useAnswerKeys(attemptId, take.mutate, decline.mutate)
  return (
    <div className="row incoming" role="alert" aria-label={t('inbound.title')}>
      <span className="bell" aria-hidden>☎</span>
      <strong className="cut who">{t('inbound.rings', { name: name(call) })}</strong>
      <span className="quiet small cut">{inbound && t(`inbound.because.${inbound.because}`)} · <span className="numbers">{inbound?.takesItself ? t('inbound.takesItself') : left !== null && t('inbound.left', { seconds: left })}</span></span>
      <Button size="small" type="primary" icon={<PhoneOutlined aria-hidden />} loading={take.isPending} onClick={() => take.mutate(attemptId)}>{t('inbound.accept')} <kbd>Enter</kbd></Button>
      <Button size="small" loading={decline.isPending} onClick={() => decline.mutate(attemptId)}>{t('inbound.decline')} <kbd>Esc</kbd></Button>
    </div>
  )
}

function useRinging(isHere: boolean): void {
  useEffect(() => {
    if (!isHere) return undefined
    const ringing = setInterval(soundNewCall, RING_EVERY_MS)
    return () => clearInterval(ringing)
  }, [isHere])
}

const CONTROL = /^(INPUT|TEXTAREA|SELECT|BUTTON|A)$/

/** A key that means something where it is pressed is left alone: there Ctrl with it answers. */
function useAnswerKeys(attemptId: string, take: (attemptId: string) => void, decline: (attemptId: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.key !== 'Enter' && event.key !== 'Escape') || event.defaultPrevented || event.repeat) return
      const isOurs = event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement && CONTROL.test(event.target.tagName))
      if (!isOurs || (document.querySelector('[role="dialog"]') !== null && !event.ctrlKey && !event.metaKey)) return
      event.preventDefault()
      if (event.key === 'Enter') take(attemptId)
      else decline(attemptId)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [attemptId, take, decline])
}
