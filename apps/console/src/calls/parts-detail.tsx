import { useTranslation } from 'react-i18next'
import type { AttemptView } from '@loopline/contracts/campaign'
import { useFormat } from '../words/format'
import { useWord } from '../words/reason'

/** Who of us was on a call, as what, from when to when, how each was heard and what each noted; nothing where nobody was. */
export function PartsDetail({ parts }: { parts: AttemptView['parts'] }) {
  const { t } = useTranslation()
  if (parts.length === 0) return null
  return (
    <section>
      <h3 className="small quiet">{t('transfer.parts')}</h3>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }} className="stack">
        {parts.map((part) => <li key={`${part.agentId} ${part.joinedAt}`}><PartSaid part={part} /></li>)}
      </ul>
    </section>
  )
}

function PartSaid({ part: { name, as, joinedAt, leftAt, quality, disposition, note } }: { part: AttemptView['parts'][number] }) {
  const { t } = useTranslation()
  const format = useFormat()
  const word = useWord()
  const seconds = leftAt === null ? null : (Date.parse(leftAt) - Date.parse(joinedAt)) / 1_000
  return (
    <>
      <div>
        <strong style={{ fontWeight: 600 }}>{name}</strong> <span className="quiet">{t(`transfer.as.${as}`)}</span>{' '}
        <span className="quiet small numbers">{format.time(joinedAt)}–{leftAt === null ? '' : format.time(leftAt)}{seconds === null ? '' : ` · ${format.number(seconds, 0)} s`}</span>
      </div>
      {quality && (
        <div className="quiet small numbers">{t('transfer.partQuality', {
          mos: quality.mos === null ? '–' : format.number(quality.mos, 1), loss: format.percent(quality.loss), jitter: format.number(quality.jitterMs),
          roundTrip: quality.roundTripMs === null ? '–' : format.number(quality.roundTripMs),
        })}</div>
      )}
      {disposition !== null && <div className="small">{word('workbench.disposition', disposition)}</div>}
      {note !== null && note !== '' && note !== disposition && <div className="note small">{note}</div>}
    </>
  )
}
