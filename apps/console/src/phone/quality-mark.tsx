import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { LegQuality } from '@loopline/contracts/quality'
import { useFormat } from '../words/format'
import type { Quality } from './agent-queries'

/** ITU-T G.107 annex B: below 3.6 many users are dissatisfied, below 3.1 nearly all. */
const GOOD_MOS = 3.6
const BAD_MOS = 3.1

type Grade = 'good' | 'fair' | 'bad' | 'silent'

export function gradeOf({ mos }: Pick<LegQuality, 'mos'>): Grade {
  if (mos === null) return 'silent'
  return mos >= GOOD_MOS ? 'good' : mos >= BAD_MOS ? 'fair' : 'bad'
}

const BARS: Record<Grade, number> = { good: 3, fair: 2, bad: 1, silent: 0 }

/** How the call sounds now: the worse of its two legs by bars, both in figures on demand. */
export function QualityMark({ quality: { customer, agent } }: { quality: Quality }) {
  const { t } = useTranslation()
  const worse = BARS[gradeOf(customer)] <= BARS[gradeOf(agent)] ? gradeOf(customer) : gradeOf(agent)
  return (
    <Tooltip title={<><Figures name={t('phone.legOf.customer')} leg={customer} /><Figures name={t('phone.legOf.agent')} leg={agent} /></>}>
      <span className="quality" data-grade={worse} role="img" tabIndex={0} aria-label={t('phone.quality', { grade: t(`phone.grade.${worse}`) })}>
        {[1, 2, 3].map((bar) => <i key={bar} className={bar <= BARS[worse] ? 'on' : ''} />)}
      </span>
    </Tooltip>
  )
}

function Figures({ name, leg: { mos, loss, jitterMs, roundTripMs } }: { name: string; leg: LegQuality }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="numbers">
      {t('phone.figures', { name, mos: mos === null ? '–' : format.number(mos, 1), loss: format.percent(loss), jitter: format.number(jitterMs), roundTrip: roundTripMs === null ? '–' : format.number(roundTripMs) })}
    </div>
  )
}
