import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CallEnded } from '@loopline/contracts/call-event'
import type { TimelineItem } from '@loopline/contracts/customer'
import { CallParts } from '../calls/call-parts'
import { CallWhy } from '../calls/call-why'
import { useRuleName } from '../rules/rule-queries'
import { OUTCOME_LOOKS } from '../theme/states'
import { useFormat } from '../words/format'
import { useReason, useWord } from '../words/reason'
import { useFieldText } from './field-value'

type Body = Record<string, unknown>

/** One thing that happened, in a sentence, with its reason behind a click. */
export function TimelineRow({ item }: { item: TimelineItem }) {
  const format = useFormat()
  const mark = markOf(item)
  return (
    <li className="timeline-item">
      <time dateTime={item.at}>{format.time(item.at)}</time>
      <span className="mark" aria-hidden style={mark.colour ? { color: mark.colour } : {}}>{mark.sign}</span>
      <div className="said"><Said item={item} /></div>
    </li>
  )
}

function markOf({ kind, body }: TimelineItem): { sign: string; colour?: string } {
  switch (kind) {
    case 'call': return OUTCOME_LOOKS[(body as unknown as CallEnded).outcome] ?? { sign: '☎' }
    case 'follow-up': return { sign: '✎' }
    case 'rule': return { sign: '⚙' }
    case 'edit': return { sign: '±' }
    case 'assigned': return { sign: '→' }
    case 'consent': return { sign: '✓' }
    case 'created': case 'imported': return { sign: '+' }
  }
}

function Said({ item }: { item: TimelineItem }) {
  switch (item.kind) {
    case 'call': return <CallSaid call={item.body as unknown as CallEnded} actorName={item.actorName} />
    case 'follow-up': return <NoteSaid body={item.body} by={item.actorName} />
    case 'rule': return <RuleSaid body={item.body} />
    case 'edit': return <EditSaid body={item.body} by={item.actorName} />
    case 'assigned': case 'consent': case 'created': case 'imported': return <FactSaid item={item} />
  }
}

function By({ name }: { name: string | null }) {
  const { t } = useTranslation()
  return <span className="quiet"> · {name ?? t('customer.timeline.system')}</span>
}

function CallSaid({ call, actorName }: { call: CallEnded; actorName: string | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const reason = useReason()
  const word = useWord()
  const [open, setOpen] = useState(false)
  const talkedMs = call.answeredAt === null ? null : call.endedAt - call.answeredAt
  const parts = [
    call.campaignName ?? (call.actorId ? `${t('customer.why.byHand')}${actorName ? ` · ${actorName}` : ''}` : null), call.lineName,
    talkedMs === null ? null : t('customer.why.talk', { seconds: format.number(talkedMs / 1_000) }),
  ].filter(Boolean)
  return (
    <>
      <strong style={{ fontWeight: 600 }}>{call.direction === 'inbound' ? word('inbound.outcome', call.outcome) : word('outcome', call.outcome)}</strong>
      <span> · {reason(call.outcomeReason)}</span>
      <span className="quiet"> · {parts.join(' · ')} </span>
      <Unfold open={open} toggle={() => setOpen(!open)} />
      <CallParts parts={call.parts ?? []} />
      {open && <div className="why"><CallWhy {...call} /></div>}
    </>
  )
}

function Unfold({ open, toggle }: { open: boolean; toggle: () => void }) {
  const { t } = useTranslation()
  return <button type="button" className="plain small" style={{ color: 'var(--accent)', padding: '0 4px' }} aria-expanded={open} onClick={toggle}>{t('customer.why.show')} <span aria-hidden>{open ? '▴' : '▾'}</span></button>
}

function NoteSaid({ body, by }: { body: Body; by: string | null }) {
  const { t } = useTranslation()
  const word = useWord()
  const format = useFormat()
  const [note, disposition, callback] = [said(body['note']), said(body['disposition']), body['callback'] as { at?: unknown } | null | undefined]
  return (
    <>
      {t('customer.timeline.followUp')}{disposition !== '' && <> · <strong style={{ fontWeight: 600 }}>{word('workbench.disposition', disposition)}</strong></>}{typeof body['intent'] === 'string' && <span className="quiet"> · {t('customer.timeline.intentSet', { intent: word('intent', body['intent']) })}</span>}<By name={by} />
      {typeof callback?.at === 'number' && <div>{t('customer.timeline.promised', { at: format.instant(callback.at) })}</div>}
      {/* A call without a note carries the word of its result in its place. */}
      {note !== '' && note !== disposition && <div className="note">{note}</div>}
    </>
  )
}

interface ShownEffect {
  kind: string
  result: string
  detail?: { from?: unknown; to?: unknown; name?: string }
}

function RuleSaid({ body }: { body: Body }) {
  const { t } = useTranslation()
  const word = useWord()
  const text = useFieldText()
  const ruleName = useRuleName()
  const field = { 'set-status': 'status', 'set-intent': 'intent', 'pause-follow-up': 'followUpPausedUntil', 'add-tag': 'tags' } as Record<string, string>
  const detailOf = ({ kind, detail }: ShownEffect): string | null => {
    if (detail?.name) return detail.name
    const of = field[kind]
    return of && detail && 'to' in detail ? text(of, detail.to) : null
  }
  const effectText = (effect: ShownEffect): string => {
    const [name, value] = [word('reason.effect', effect.kind), detailOf(effect)]
    return value === null ? name : t('frame.pair', { name, value })
  }
  return (
    <>
      {t('customer.timeline.rules', { name: ruleName(said(body['ruleId']), said(body['name'])) })}
      {((body['effects'] as ShownEffect[] | undefined) ?? []).map((effect, index) => (
        <div key={index} className={effect.result === 'done' ? '' : 'quiet'}>{effect.result === 'done' ? '✓' : '·'} <span className="sentence">{effectText(effect)}</span>{effect.result !== 'done' && ` — ${word('reason.effectResult', effect.result)}`}</div>
      ))}
    </>
  )
}

function EditSaid({ body, by }: { body: Body; by: string | null }) {
  const { t } = useTranslation()
  const word = useWord()
  const text = useFieldText()
  const changes = Object.entries((body['changes'] as Record<string, { from: unknown; to: unknown }> | undefined) ?? {})
  return (
    <>
      {t('customer.timeline.edited')}<By name={by} />
      {changes.map(([field, { from, to }]) => (
        <div key={field}>
          <span className="quiet">{word('field', field)}</span>{' '}
          {field === 'phones' ? <PhoneChange from={from} to={to} /> : <><s className="quiet">{text(field, from)}</s> → {text(field, to)}</>}
        </div>
      ))}
    </>
  )
}

function PhoneChange({ from, to }: { from: unknown; to: unknown }) {
  const { t } = useTranslation()
  const added = (to as { added?: string[] } | null)?.added ?? []
  const removed = (from as { removed?: number } | null)?.removed ?? 0
  return <>{[added.length > 0 ? t('customer.timeline.added', { list: added.join(', ') }) : null, removed > 0 ? t('customer.timeline.removed', { count: removed }) : null].filter(Boolean).join(' · ')}</>
}

const said = (value: unknown): string => (typeof value === 'string' ? value : '')

function FactSaid({ item: { kind, body, actorName } }: { item: TimelineItem }) {
  const { t } = useTranslation()
  const word = useWord()
  const text = useFieldText()
  const source = typeof body['source'] === 'string' ? <span className="quiet"> · {t('customer.timeline.source', { source: body['source'] })}</span> : null
  switch (kind) {
    case 'assigned': return <>{t('customer.timeline.assigned', { from: text('ownerId', body['from']), to: text('ownerId', body['to']) })}<By name={actorName} /></>
    case 'consent': return <>{t('customer.timeline.consent', { purpose: t(`purpose.${body['purpose'] === 'recording' ? 'recording' : 'marketing'}`), state: word('consent', String(body['state'])) })}{source}<By name={actorName} /></>
    case 'imported': return <>{t('customer.timeline.imported', { file: said(body['fileName']) })}{source}<By name={actorName} /></>
    default: return <>{t('customer.timeline.created')}{source}<By name={actorName} /></>
  }
}
