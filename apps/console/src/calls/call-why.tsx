import { useTranslation } from 'react-i18next'
import type { CallEvidence, DialDecision } from '@loopline/contracts/call-event'
import { InboundWhy } from '../inbound/inbound-why'
import { useRuleName } from '../rules/rule-queries'
import { useFormat } from '../words/format'
import { useReason, useWord } from '../words/reason'

export interface CallFacts {
  decision: DialDecision | null
  evidence: Partial<CallEvidence> | null
  outcomeReason: string | null
  conclusive?: boolean
  attemptNumber?: number
  callerId?: string | null
}

/** Why the call was made as it was, and why it ended as it did: gate, rules, line, evidence, verdict. */
export function CallWhy({ decision, evidence, outcomeReason, conclusive = true, attemptNumber, callerId }: CallFacts) {
  const { t } = useTranslation()
  const word = useWord()
  const reason = useReason()
  const format = useFormat()
  const ruleName = useRuleName()
  const whyNumber = ({ reason: chosen, instead }: NonNullable<DialDecision['callerId']>): string =>
    [word('reason.callerId', chosen), ...(instead ? [`${instead.number} ${word('reason.callerIdGone', instead.because)}`] : [])].join('; ')
  return (
    <dl>
      {decision?.inbound && <InboundWhy inbound={decision.inbound} />}
      {decision && !decision.inbound && (
        <>
          <dt>{t('customer.why.gate')}</dt>
          <dd>
            {decision.gate.allowed ? <>✓ {t('customer.why.allowed')}</> : <>■ {t('customer.why.blocked', { reason: reason(decision.gate.reason ?? '') })}</>}
            <span className="quiet"> · {t('customer.why.calleeTime', { time: decision.calleeTime })} · {t('customer.why.pack', { version: decision.gate.packVersion })}</span>
          </dd>
          <dt>{t('customer.why.rules')}</dt>
          <dd>
            {decision.rules.length === 0 && <span className="quiet">{t('customer.why.noRules')}</span>}
            {decision.rules.map(({ ruleId, name, matched }) => (
              <div key={ruleId} className={matched ? '' : 'off'}>{matched ? '✓' : '·'} {ruleName(ruleId, name)} <span className="quiet small">{t(matched ? 'customer.why.matched' : 'customer.why.notMatched')}</span></div>
            ))}
          </dd>
          <dt>{t('customer.why.line')}</dt>
          <dd>
            {decision.lineType.wanted !== null && decision.lineType.wanted !== decision.lineType.given
              ? t('customer.why.lineWanted', { wanted: t(`lineType.${decision.lineType.wanted}`), given: t(`lineType.${decision.lineType.given}`) })
              : t(`lineType.${decision.lineType.given}`)}
            <span className="quiet"> · {word('reason.line', decision.lineType.reason)} · {t('customer.why.ring', { seconds: Math.round(decision.ringTimeMs / 1_000) })} · {t('customer.why.priority', { priority: decision.priority })}{callerId ? ` · ${t('customer.why.callerId', { number: callerId })}` : ''}{callerId && decision.callerId ? ` (${whyNumber(decision.callerId)})` : ''}</span>
          </dd>
        </>
      )}
      {evidence && <><dt>{t('customer.why.evidence')}</dt><dd><EvidenceText evidence={evidence} /></dd></>}
      {outcomeReason && (
        <>
          <dt>{t('customer.why.outcome')}</dt>
          <dd>{reason(outcomeReason)}{!conclusive && <span style={{ color: 'var(--warn)' }}> · {t('customer.why.inconclusive')}</span>}{attemptNumber !== undefined && attemptNumber > 0 && <span className="quiet"> · {t('customer.why.attempt', { number: format.number(attemptNumber) })}</span>}</dd>
        </>
      )}
    </dl>
  )
}

function EvidenceText({ evidence }: { evidence: Partial<CallEvidence> }) {
  const { t } = useTranslation()
  const word = useWord()
  const parts = [
    evidence.sipStatus ? `SIP ${evidence.sipStatus}` : t('customer.why.noAnswer'),
    evidence.q850 ? `Q.850 ${evidence.q850}${evidence.reasonText ? ` “${evidence.reasonText}”` : ''}` : null,
    evidence.announcement ? t('customer.why.announcement', { kind: word('outcome', evidence.announcement) }) : evidence.earlyMedia ? t('customer.why.earlyMedia') : null,
    evidence.endedBy ? t(`endedBy.${evidence.endedBy}`) : null,
  ]
  return <span className="numbers">{parts.filter(Boolean).join(' · ')}</span>
}

/** A decision as it comes from an attempt: unknown to the contract, ours by origin; anything else is not shown. */
export function decisionOf(value: unknown): DialDecision | null {
  const decision = value as Partial<DialDecision> | null | undefined
  return decision?.gate && Array.isArray(decision.rules) && decision.lineType ? (decision as DialDecision) : null
}
