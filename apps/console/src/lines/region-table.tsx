import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import type { QualityFigures } from '@loopline/contracts/line-quality'
import { useLineQualityWords } from '../i18n/line-quality-words'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { regionQualityQuery } from './line-queries'

const CAUSES_SHOWN = 3

/** How one line does into each region, over a window that may be chosen. */
export function RegionTable({ lineId }: { lineId: string }) {
  const words = useLineQualityWords()
  const [minutes, setMinutes] = useState<1 | 5 | 60>(60)
  const { data, error, isPending } = useQuery(regionQualityQuery(lineId))
  if (error) return <Failure error={error} />
  if (isPending) return <Slow><Bones /></Slow>
  if (data.length === 0) return <p className="quiet">{words.noRegions}</p>
  const heads = [words.region, words.calls, words.asr, words.connectRate, words.pdd, words.talk, words.short, words.mos, words.loss, words.jitter, words.roundTrip, words.causes]
  return (
    <div className="stack">
      <Segmented value={minutes} options={([1, 5, 60] as const).map((value) => ({ value, label: words.windows[value] }))} onChange={setMinutes} />
      <div className="table-box short">
        <table className="list regions">
          <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
          <tbody>{data.map(({ region, windows }) => {
            const figures = windows.find((window) => window.minutes === minutes)?.figures
            return figures && <Row key={region ?? ''} region={region ?? words.unknownRegion} figures={figures} />
          })}</tbody>
        </table>
      </div>
    </div>
  )
}

function Row({ region, figures }: { region: string; figures: QualityFigures }) {
  const words = useLineQualityWords()
  const format = useFormat()
  const { seizures, asr, connectRate, pddMs, talkMs, shortShare, mos, loss, jitterMs, roundTripMs, causes } = figures
  const share = (value: number | null): string => (value === null ? '–' : format.percent(value))
  const seconds = (ms: number | null): string => (ms === null ? '–' : `${format.number(ms / 1_000, 1)} s`)
  const ms = (value: number | null): string => (value === null ? '–' : `${format.number(value)} ms`)
  const ends = causes.slice(0, CAUSES_SHOWN).map(({ status, count }) => `${status === 0 ? words.noStatus : status} × ${format.number(count)}`).join(' · ')
  const cells = [format.number(seizures), share(asr), share(connectRate), seconds(pddMs), seconds(talkMs), share(shortShare), mos === null ? '–' : mos.toFixed(1), share(loss), ms(jitterMs), ms(roundTripMs), ends]
  // Columns have no other name than their place.
  return <tr><th scope="row">{region}</th>{cells.map((cell, index) => <td key={index} className="numbers" title={cell}>{cell}</td>)}</tr>
}
