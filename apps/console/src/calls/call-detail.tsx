import { useTranslation } from 'react-i18next'
import type { AttemptView } from '@loopline/contracts/campaign'
import { OutcomeSign } from '../parts/state-sign'
import { useFormat } from '../words/format'
import { CallLegs } from './call-legs'
import { CallWhy, decisionOf } from './call-why'
import { Caller, hasRecord } from '../inbound/caller'
import { DialAgain } from './dial-again'
import { PartsDetail } from './parts-detail'
import { Recording } from './recording'

/** One call with its course, its decision and its evidence. */
export function CallDetail({ call }: { call: AttemptView }) {
  const { t } = useTranslation()
  const format = useFormat()
  const course = [['started', call.startedAt], ['ringing', call.ringingAt], ['answered', call.answeredAt], ['ended', call.endedAt]] as const
  return (
    <div className="stack" style={{ gap: 20 }}>
      <div>
        <div style={{ fontSize: 18, fontWeight: 600 }}>{call.outcome ? <OutcomeSign outcome={call.outcome} /> : t('call.open')}</div>
        <div><Caller call={call} />{hasRecord(call) && <> <DialAgain customerId={call.customerId} /></>} <span className="quiet">· {call.direction === 'inbound' ? `${t('inbound.direction')}${call.campaignName ? ` · ${call.campaignName}` : ''}` : call.campaignName ?? t('call.byHand')}{call.lineName ? ` · ${call.lineName}` : ''}{call.lineType ? ` (${t(`lineType.${call.lineType}`)})` : ''}</span></div>
      </div>
      <section>
        <h3 className="small quiet">{t('call.timeline')}</h3>
        <dl className="facts numbers">
          {course.map(([word, at]) => at && [<dt key={word}>{t(`call.${word}`)}</dt>, <dd key={`${word}-at`} style={{ lineHeight: '30px' }}>{format.instant(at)} <span className="quiet">+{format.number((Date.parse(at) - Date.parse(call.startedAt)) / 1_000, 1)} s</span></dd>])}
        </dl>
      </section>
      <PartsDetail parts={call.parts} />
      <CallLegs legs={call.legs} />
      {call.answeredAt && <Recording attemptId={call.attemptId} />}
      <section className="why" style={{ margin: 0 }}><CallWhy decision={decisionOf(call.decision)} evidence={call.outcome === null ? null : { sipStatus: call.sipStatus, q850: call.q850 }} outcomeReason={call.outcomeReason} /></section>
    </div>
  )
}
