import type { AttemptView } from '@loopline/contracts/campaign'
import { filled, useLineQualityWords } from '../i18n/line-quality-words'
import { useFormat } from '../words/format'
import { useReason } from '../words/reason'

/** Lines that were tried before the one that carried the call; nothing where the first did. */
export function CallLegs({ legs }: { legs: AttemptView['legs'] }) {
  const words = useLineQualityWords()
  const format = useFormat()
  const reason = useReason()
  if (legs.length === 0) return null
  return (
    <section>
      <h3 className="small quiet">{words.legs}</h3>
      <ol className="small" style={{ margin: 0, paddingLeft: 18 }}>{legs.map(({ lineName, outcomeReason, sipStatus, startedAt, endedAt }) => (
        <li key={startedAt}>{filled(words.leg, { line: lineName, reason: reason(outcomeReason), status: sipStatus === null ? words.noStatus : String(sipStatus), seconds: format.number((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000, 1) })}</li>
      ))}</ol>
    </section>
  )
}
