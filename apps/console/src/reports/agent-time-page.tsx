import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import type { AgentDay } from '@loopline/contracts/agent'
import { useStaleOnPush } from '../api/live-queries'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { Page } from '../parts/page'
import { Bones, Slow } from '../parts/slow'
import { pauseWord } from '../phone/state-words'
import { clockFace } from '../phone/use-clock'
import { useFormat } from '../words/format'
import { agentTimeQuery } from './agent-time-query'
import { lastDays, onDutyMs, PARTS, pausedMs, sumOf, ZONE, type Range, type Spent } from './agent-time'

const PRESETS = { today: 1, week: 7, month: 31 } as const
type Preset = keyof typeof PRESETS
/** A report is read, not watched: a busy team changes states many times a second. */
const REFRESH_MS = 10_000
const NAMES = ['today', 'week', 'month'] as const satisfies readonly Preset[]

/** How long each agent was in which state, by day; pauses by their reason. */
export function AgentTimePage() {
  const { t } = useTranslation()
  const address = useSearch({ from: '/frame/reports' })
  const navigate = useNavigate({ from: '/reports' })
  const week = lastDays(PRESETS.week)
  const range: Range = { from: address.from ?? week.from, to: address.to ?? week.to }
  const { data, error, isPending, refetch } = useQuery(agentTimeQuery(range))
  useStaleOnPush(agentTimeQuery(range).queryKey, (message) => message.topic === 'agent', REFRESH_MS)
  const choose = (next: Range): void => void navigate({ search: next, replace: true })
  return (
    <Page title={t('report.title')}>
      <Choice range={range} choose={choose} />
      {error ? <Failure error={error} retry={() => void refetch()} /> : isPending ? <Slow><Bones lines={8} /></Slow>
        : data.length === 0 ? <Empty title={t('report.empty')} text={t('report.emptyText')} /> : <Times days={data} />}
      <p className="quiet small" style={{ marginTop: 12 }}>{t('report.zone', { zone: ZONE })}</p>
    </Page>
  )
}

function Choice({ range, choose }: { range: Range; choose: (range: Range) => void }) {
  const { t } = useTranslation()
  const preset = NAMES.find((name) => { const { from, to } = lastDays(PRESETS[name]); return from === range.from && to === range.to })
  return (
    <div className="row wrap" style={{ marginBottom: 12 }}>
      <Radio.Group aria-label={t('report.range')} optionType="button" value={preset ?? null} onChange={(event) => choose(lastDays(PRESETS[event.target.value as Preset]))}
        options={NAMES.map((value) => ({ value, label: t(`report.${value}`) }))} />
      <Input type="date" aria-label={t('report.from')} style={{ width: 150 }} max={range.to} value={range.from} onChange={({ target }) => { if (target.value) choose({ ...range, from: target.value }) }} />
      <span aria-hidden>–</span>
      <Input type="date" aria-label={t('report.to')} style={{ width: 150 }} min={range.from} value={range.to} onChange={({ target }) => { if (target.value) choose({ ...range, to: target.value }) }} />
    </div>
  )
}

function Times({ days }: { days: readonly AgentDay[] }) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <div className="table-box short">
      <table className="list wrapped" aria-label={t('report.title')}>
        <colgroup><col style={{ width: 112 }} /><col style={{ width: 88 }} /><col style={{ width: 66 }} />{PARTS.map((part) => <col key={part} style={{ width: 84 }} />)}<col /><col style={{ width: 92 }} /><col style={{ width: 76 }} /></colgroup>
        <thead><tr>
          <th scope="col">{t('report.column.agent')}</th><th scope="col">{t('report.column.day')}</th><th scope="col" className="number">{t('report.column.calls')}</th>
          {PARTS.map((part) => <th key={part} scope="col" className="number">{t(`report.column.${part}`)}</th>)}
          <th scope="col">{t('report.column.paused')}</th><th scope="col" className="number">{t('report.column.total')}</th><th scope="col" className="number" title={t('report.soundHelp')}>{t('report.column.sound')}</th>
        </tr></thead>
        <tbody>{days.map((day) => <Row key={`${day.agentId} ${day.day}`} name={day.name} day={format.day(`${day.day}T00:00:00`)} spent={day} mos={day.mos} loss={day.loss} />)}</tbody>
        <tfoot><Row name={t('report.all')} day="" spent={sumOf(days)} /></tfoot>
      </table>
    </div>
  )
}

function Row({ name, day, spent, mos = null, loss = null }: { name: string; day: string; spent: Spent; mos?: number | null; loss?: number | null }) {
  const { t } = useTranslation()
  const format = useFormat()
  const time = (ms: number): string => (ms < 1_000 ? '–' : clockFace(Math.round(ms / 1_000)))
  const pauses = Object.entries(spent.pausedMs).toSorted(([, a], [, b]) => b - a)
  return (
    <tr>
      <td style={{ fontWeight: 550 }}>{name}</td><td className="numbers">{day}</td><td className="number">{format.number(spent.calls)}</td>
      {PARTS.map((part) => <td key={part} className="number">{time(spent[`${part}Ms`])}</td>)}
      <td className="numbers">{time(pausedMs(spent))} <span className="quiet small">{pauses.map(([reason, ms]) => `${pauseWord(t, reason)} ${time(ms)}`).join(' · ')}</span></td>
      <td className="number">{time(onDutyMs(spent))}</td>
      <td className="number" title={loss === null ? undefined : t('report.lost', { share: format.percent(loss) })}>{mos === null ? '–' : mos.toFixed(1)}</td>
    </tr>
  )
}
