import { Button, DatePicker, Input, type GetRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OutcomeSign } from '../parts/state-sign'
import { useExtend, useWrapUp, type Agent } from '../phone/agent-queries'
import { clockFace, useNow } from '../phone/use-clock'

/** In the order of the keys 1 to 8. */
const DISPOSITIONS = ['interested', 'send-material', 'call-later', 'not-interested', 'wrong-number', 'already-bought', 'complaint', 'do-not-call'] as const
type Disposition = (typeof DISPOSITIONS)[number]

const kept = (attemptId: string): string => sessionStorage.getItem(`note-${attemptId}`) ?? ''

/** Notes and result of the call, by keyboard alone; what is typed survives a reload. */
export function WrapUp({ agent, call }: { agent: Agent; call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const { attemptId, phase, outcome } = call
  const [note, setNote] = useState(() => kept(attemptId))
  const [chosen, setChosen] = useState<Disposition | null>(null)
  const [callbackAt, setCallbackAt] = useState<string | null>(null)
  const notes = useRef<GetRef<typeof Input.TextArea>>(null)
  const wrapUp = useWrapUp()
  const ended = phase === 'ended'
  const finish = (next: 'ready' | 'paused'): void => {
    if (!ended || wrapUp.isPending) return
    wrapUp.mutate({
      attemptId, next, ...(chosen ? { disposition: chosen } : {}), ...(note.trim() ? { note: note.trim() } : {}), ...(callbackAt ? { callback: { at: callbackAt, agentId: agent.agentId } } : {}),
    }, { onSuccess: () => sessionStorage.removeItem(`note-${attemptId}`) })
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return finish('ready')
      if (event.ctrlKey || event.metaKey || event.altKey) return
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)
      // Digits belong to the note while it is written: Escape leaves it.
      if (typing) {
        if (event.key === 'Escape') notes.current?.blur()
        return
      }
      const disposition = DISPOSITIONS[Number(event.key) - 1]
      if (disposition) setChosen(disposition)
      if (event.key !== 'n') return
      event.preventDefault()
      notes.current?.focus()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
  return (
    <section className="panel wrap-up">
      <h2>{t('workbench.notes')}{ended && outcome && <span style={{ marginLeft: 'auto' }}><OutcomeSign outcome={outcome} /></span>}</h2>
      <div className="inside stack" style={{ gap: 12 }}>
        {!ended && phase !== 'talking' && phase !== 'on-hold' && <p role="status">{t(phase === 'ringing' ? 'workbench.ringing' : 'workbench.dialing')}</p>}
        <Input.TextArea ref={notes} value={note} autoSize={{ minRows: 4, maxRows: 10 }} maxLength={4_000} placeholder={t('workbench.notesHint')} aria-label={t('workbench.notes')} onChange={({ target }) => {
          setNote(target.value)
          sessionStorage.setItem(`note-${attemptId}`, target.value)
        }} />
        <div className="choices" role="radiogroup" aria-label={t('workbench.outcome')}>
          {DISPOSITIONS.map((disposition, index) => (
            <Button key={disposition} role="radio" aria-checked={chosen === disposition} size="small" type={chosen === disposition ? 'primary' : 'default'} onClick={() => setChosen(disposition)}>
              <kbd aria-hidden>{index + 1}</kbd>{t(`workbench.disposition.${disposition}`)}
            </Button>
          ))}
        </div>
        <label className="stack" style={{ gap: 4 }}><span className="quiet small">{t('workbench.callback')}</span>
          <DatePicker showTime={{ format: 'HH:mm' }} placeholder={t('workbench.callbackNone')} onChange={(at) => setCallbackAt(at ? at.toDate().toISOString() : null)} />
        </label>
        {ended && <>
          <TimeLeft until={agent.wrapUpUntil} />
          <div className="row">
            <Button type="primary" className="grow" loading={wrapUp.isPending} onClick={() => finish('ready')}>{t('workbench.next')}</Button>
            <Button onClick={() => finish('paused')}>{t('workbench.pauseAfter')}</Button>
          </div>
        </>}
        <p className="quiet small">{t('workbench.keys')}</p>
      </div>
    </section>
  )
}

function TimeLeft({ until }: { until: string | null }) {
  const { t } = useTranslation()
  const extend = useExtend()
  const now = useNow(until !== null)
  if (until === null) return null
  const left = Math.round((Date.parse(until) - now) / 1_000)
  return (
    <div className="row">
      <span className="numbers grow" style={left < 10 ? { color: 'var(--warn)' } : {}}>{left >= 0 ? t('workbench.left', { time: clockFace(left) }) : t('workbench.overdue', { time: clockFace(-left) })}</span>
      <Button size="small" loading={extend.isPending} onClick={() => extend.mutate(60)}>{t('workbench.extend')}</Button>
    </div>
  )
}
