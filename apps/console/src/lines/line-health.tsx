import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Drawer, Tooltip } from 'antd'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import type { LineAlarmView, LineQualityView, QualityFigures } from '@loopline/contracts/line-quality'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { filled, useLineQualityWords } from '../i18n/line-quality-words'
import { Bones, Slow } from '../parts/slow'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { lineQualityQuery } from './line-queries'
import { Sparkline } from './sparkline'
import './line-health.css'

const RegionTable = lazy(async () => ({ default: (await import('./region-table')).RegionTable }))

/** How one line does now and did over the hour, why it is left alone, and the switch that drains it. */
export function LineHealth({ lineId, name }: { lineId: string; name: string }) {
  const words = useLineQualityWords()
  const mayEdit = useMay('line:edit')
  const { data } = useQuery(lineQualityQuery)
  const [shown, setShown] = useState(false)
  const line = data?.find((one) => one.lineId === lineId)
  if (!line) return null
  return (
    <>
      <Standing line={line} />
      <Sparks line={line} />
      <div className="row">
        <Button size="small" onClick={() => setShown(true)}>{words.regions}</Button>
        <span className="grow" />
        {mayEdit && <Drain lineId={lineId} name={name} isDrained={line.drainedAt !== null} />}
      </div>
      <Drawer open={shown} onClose={() => setShown(false)} size={1_120} title={`${name} · ${words.regionsOf}`} destroyOnHidden>
        <Suspense fallback={<Slow><Bones /></Slow>}><RegionTable lineId={lineId} /></Suspense>
      </Drawer>
    </>
  )
}

/** Alarms, and whether calls go over it. Nothing while all is well. */
function Standing({ line: { circuit, drainedAt, alarms } }: { line: LineQualityView }) {
  const words = useLineQualityWords()
  const format = useFormat()
  const notes: { key: string; kind: 'alarm' | 'warn'; text: ReactNode }[] = alarms.map((alarm) => ({ key: alarm.kind, kind: 'alarm', text: <Alarm alarm={alarm} /> }))
  if (drainedAt !== null) notes.push({ key: 'drained', kind: 'warn', text: words.drained })
  const why = reasonText(circuit.reason, words.reason, words.because)
  if (circuit.state === 'open') notes.push({ key: 'open', kind: 'alarm', text: `${words.open}${why}${circuit.until ? ` · ${filled(words.openUntil, { time: format.instant(circuit.until) })}` : ''}` })
  if (circuit.state === 'half-open') notes.push({ key: 'half', kind: 'warn', text: `${words.halfOpen}${why}` })
  if (circuit.state === 'closed' && circuit.share < 1) notes.push({ key: 'back', kind: 'warn', text: `${filled(words.recovering, { share: format.percent(circuit.share) })}${why}` })
  if (notes.length === 0) return null
  return <ul className="standing">{notes.map(({ key, kind, text }) => <li key={key} className={kind}><span className="sign" aria-hidden>{kind === 'alarm' ? '■' : '▲'}</span><span>{text}</span></li>)}</ul>
}

function Alarm({ alarm: { kind, seen, expected, calls, since } }: { alarm: LineAlarmView }) {
  const words = useLineQualityWords()
  const format = useFormat()
  const figure = (value: number): string => (kind === 'slower-ringing' ? format.seconds(value) : format.percent(value))
  return <>{filled(words.alarm[kind], { seen: figure(seen), expected: figure(expected) })} <span className="quiet">{filled(words.alarmSince, { since: format.since(since), count: format.number(calls) })}</span></>
}

function reasonText(reason: string | null, words: Record<string, string>, because: string): string {
  if (reason === null) return ''
  const [code = '', figure] = reason.split(': ', 2)
  return filled(because, { reason: `${words[code] ?? code}${figure === undefined ? '' : ` · SIP ${figure}`}` })
}

/** The window of five minutes where somebody was called in it, the hour otherwise. */
function figuresNow(line: LineQualityView): QualityFigures | undefined {
  const of = (minutes: number): QualityFigures | undefined => line.windows.find((window) => window.minutes === minutes)?.figures
  const lately = of(5)
  return lately && lately.seizures > 0 ? lately : of(60)
}

function Sparks({ line }: { line: LineQualityView }) {
  const words = useLineQualityWords()
  const format = useFormat()
  const now = figuresNow(line)
  const slowest = Math.max(3_000, ...line.series.map(({ pddMs }) => pddMs ?? 0))
  const text = (value: number | null | undefined, write: (value: number) => string): string => (value === null || value === undefined ? '–' : write(value))
  const sparks = [
    { key: 'asr', label: words.asr, help: words.asrHelp, value: text(now?.asr, format.percent), values: line.series.map(({ asr }) => asr), range: [0, 1] },
    { key: 'pdd', label: words.pdd, help: words.pddHelp, value: text(now?.pddMs, (ms) => `${format.number(ms / 1_000, 1)} s`), values: line.series.map(({ pddMs }) => pddMs), range: [0, slowest] },
    { key: 'mos', label: words.mos, help: words.mos, value: text(now?.mos, (mos) => mos.toFixed(1)), values: line.series.map(({ mos }) => mos), range: [1, 4.5] },
  ] as const
  return (
    <div className="sparks">{sparks.map(({ key, label, help, value, values, range }) => (
      <div key={key}>
        <div className="spark-head"><Tooltip title={help}><span className="quiet">{label}</span></Tooltip><span className="numbers">{value}</span></div>
        <Sparkline values={values} range={range} label={`${label}, ${words.hour}: ${value}`} />
      </div>
    ))}</div>
  )
}

function Drain({ lineId, name, isDrained }: { lineId: string; name: string; isDrained: boolean }) {
  const words = useLineQualityWords()
  const change = useMutation({
    mutationFn: () => answer(api.POST('/api/dialer/lines/{lineId}/drain', { params: { path: { lineId } }, body: { drain: !isDrained } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: lineQualityQuery.queryKey }),
  })
  const word = isDrained ? words.undrain : words.drain
  return <Tooltip title={isDrained ? '' : words.drainHelp}><Button size="small" loading={change.isPending} danger={change.isError} onClick={() => change.mutate()} aria-label={`${word}: ${name}`}>{word}</Button></Tooltip>
}
