import { useQuery } from '@tanstack/react-query'
import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CallerIdState, CallerIdView } from '@loopline/contracts/caller-id'
import { linesQuery } from '../lines/line-queries'
import type { Column } from '../parts/windowed-table'
import type { StateLook } from '../theme/states'
import { useFormat } from '../words/format'
import { useGroupName } from './number-groups'
import { NUMBERS } from './number-words'

interface Picking {
  rows: readonly CallerIdView[]
  picked: ReadonlySet<string>
  /** null: nothing may be done with them. */
  pick: ((picked: ReadonlySet<string>) => void) | null
  open(callerId: string): void
}

export function useNumberColumns({ rows, picked, pick, open }: Picking): Column<CallerIdView>[] {
  const { t } = useTranslation(NUMBERS)
  const { data: lines = [] } = useQuery(linesQuery)
  const groupName = useGroupName()
  const nameOf = new Map(lines.map(({ lineId, name }) => [lineId, name]))
  const toggle = (callerId: string): void => {
    const next = new Set(picked)
    if (!next.delete(callerId)) next.add(callerId)
    pick?.(next)
  }
  const all = rows.length > 0 && rows.every(({ callerId }) => picked.has(callerId))
  const choose: Column<CallerIdView> = { key: 'pick', title: '', width: 42, cell: ({ callerId, number }) => <Checkbox aria-label={t('pick', { number })} checked={picked.has(callerId)} onChange={() => toggle(callerId)} /> }
  // The first row of the head is plain text: choosing all stands in the first column's title as a button of its own.
  const head = pick ? [{ ...choose, head: <Checkbox aria-label={t('pickAll')} checked={all} indeterminate={picked.size > 0 && !all} onChange={() => pick(all ? new Set() : new Set(rows.map(({ callerId }) => callerId)))} /> }] : []
  return [
    ...head,
    { key: 'number', title: t('column.number'), width: 162, cell: ({ callerId, number }) => <button type="button" className="plain row-link numbers" style={{ fontWeight: 550 }} onClick={() => open(callerId)}>{number}</button> },
    { key: 'region', title: t('column.region'), width: 92, cell: ({ province, area }) => (province === null ? <span className="quiet">{t('noRegion')}</span> : <>{province}{area && <span className="quiet small numbers"> {area}</span>}</>) },
    { key: 'group', title: t('column.group'), width: 118, cell: ({ groupId }) => groupName(groupId) },
    { key: 'line', title: t('column.line'), width: 118, cell: ({ lineIds }) => <span title={lineIds.map((id) => nameOf.get(id) ?? '').join(' · ')}>{lineIds.map((id) => nameOf.get(id) ?? '–').join(' · ')}</span> },
    { key: 'hour', title: t('column.hour'), width: 104, cell: ({ usedHour, quotaHour }) => <Use used={usedHour} quota={quotaHour} label={t('column.hour')} /> },
    { key: 'day', title: t('column.day'), width: 110, cell: ({ usedDay, quotaDay }) => <Use used={usedDay} quota={quotaDay} label={t('column.day')} /> },
    { key: 'rate', title: t('column.rate'), width: 132, cell: ({ days }) => <Answers days={days} /> },
    { key: 'health', title: t('column.health'), cell: (row) => <Health number={row} /> },
  ]
}

/** A small bar of what is used of a quota; the figures beside it. */
export function Use({ used, quota, label }: { used: number; quota: number | null; label: string }) {
  const { t } = useTranslation(NUMBERS)
  const format = useFormat()
  if (quota === null) return <span className="numbers">{format.number(used)} <span className="quiet small">/ {t('unlimited')}</span></span>
  const share = Math.min(1, used / quota)
  return (
    <span className="use" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={quota} aria-valuenow={used}>
      <span className="numbers">{t('ofQuota', { used: format.number(used), quota: format.number(quota) })}</span>
      <span className="bar"><span data-full={share >= 1 || undefined} style={{ width: `${share * 100}%` }} /></span>
    </span>
  )
}

const BAR = 6
const STEP = 9
const HEIGHT = 20

/** The answer rate of each of seven days as a bar (a day without calls is a mark on the ground), and over all of them as a figure. */
export function Answers({ days }: { days: CallerIdView['days'] }) {
  const { t } = useTranslation(NUMBERS)
  const format = useFormat()
  const calls = days.reduce((sum, day) => sum + day.calls, 0)
  const answered = days.reduce((sum, day) => sum + day.answered, 0)
  if (calls === 0) return <span className="quiet">{t('noCalls')}</span>
  const rates = days.map((day) => (day.calls === 0 ? null : day.answered / day.calls))
  const top = Math.max(0.1, ...rates.map((rate) => rate ?? 0))
  const heightOf = (rate: number | null): number => (rate === null ? 1 : Math.max(2, (rate / top) * HEIGHT))
  return (
    <span className="answers" title={t('rateTip', { calls: format.number(calls), answered: format.number(answered) })}>
      <svg width={STEP * days.length} height={HEIGHT} aria-hidden>
        {rates.map((rate, day) => <rect key={day} data-empty={rate === null || undefined} x={day * STEP} y={HEIGHT - heightOf(rate)} width={BAR} height={heightOf(rate)} rx={1} />)}
      </svg>
      <span className="numbers">{format.percent(answered / calls)}</span>
    </span>
  )
}

const LOOKS: Record<CallerIdState | 'suspected' | 'doubted', StateLook> = {
  active: { colour: 'var(--state-jade)', sign: '●' },
  resting: { colour: 'var(--state-grey)', sign: '❚❚' },
  held: { colour: 'var(--state-amber)', sign: '◌' },
  retired: { colour: 'var(--state-grey)', sign: '○' },
  suspected: { colour: 'var(--state-alarm)', sign: '▲' },
  doubted: { colour: 'var(--state-amber)', sign: '◐' },
}
/** From here on it is worth a word that a number reaches fewer. */
const DOUBTED = 0.5

/** The state of a number, why it is in it, and how long. */
export function Health({ number, whole = false }: { number: CallerIdView; whole?: boolean }) {
  const { t } = useTranslation(NUMBERS)
  const format = useFormat()
  const { state, reason, stateBy, until, doubt, proven, channels } = number
  const suspicion = suspicionOf(reason)
  const look = LOOKS[state === 'resting' && suspicion ? 'suspected' : state === 'active' && doubt >= DOUBTED ? 'doubted' : state]
  const said = suspicion ? t('suspected', suspicion) : reason === 'taken-off-its-line' ? t('taken-off-its-line') : reason
  const parts = [
    state === 'active' ? null : suspicion || !stateBy || !said ? said : t('by', { name: stateBy, reason: said }),
    state === 'resting' || state === 'held' ? (until === null ? t('untilWoken') : t(state === 'held' ? 'untilTaken' : 'until', { date: format.instant(until) })) : null,
    state === 'active' && !proven ? t('unproven') : null,
    state === 'active' && doubt >= DOUBTED ? t('watched') : null,
    state === 'active' && channels !== null ? t(channels < 3 ? 'growing' : 'channels', { count: channels }) : null,
  ].filter((part): part is string => part !== null)
  return (
    <span className={whole ? 'health whole' : 'health'} title={parts.join(' · ')}>
      <span className="state"><span className="sign" aria-hidden style={{ color: look.colour }}>{look.sign}</span>{t(`state.${state}`)}</span>
      {parts.length > 0 && <span className="quiet"> {whole ? '' : '· '}{parts.join(' · ')}</span>}
    </span>
  )
}

/** `suspected-flagged: answered/calls/expected`. */
function suspicionOf(reason: string | null): { answered: string; calls: string; expected: string } | null {
  const [code, figures] = (reason ?? '').split(': ', 2)
  const [answered, calls, expected] = (figures ?? '').split('/')
  return code === 'suspected-flagged' && answered && calls && expected ? { answered, calls, expected: String(Math.round(Number(expected))) } : null
}
