import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { CHART_INK, Chart } from '../parts/chart'
import { useAppearance } from '../theme/appearance'
import { useFormat } from '../words/format'
import type { SpeedPoint } from './use-progress'

/** Attempts per second over the last two minutes. */
export function SpeedChart({ speed, wanted }: { speed: readonly SpeedPoint[]; wanted: number }) {
  const { t } = useTranslation()
  const { mode } = useAppearance()
  const format = useFormat()
  const option = useMemo(() => {
    const ink = CHART_INK[mode]
    const end = speed.at(-1)?.at
    const top = topOf(Math.max(wanted, ...speed.map(({ perSecond }) => perSecond)))
    return {
      grid: { left: 34, right: 8, top: 10, bottom: 22 },
      xAxis: { type: 'time', show: end !== undefined, ...(end === undefined ? {} : { min: end - 120_000, max: end }), axisLine: { lineStyle: { color: ink.line } }, axisTick: { show: false }, minInterval: 60_000, maxInterval: 60_000, axisLabel: { color: ink.text, fontSize: 11, hideOverlap: true, formatter: (at: number) => format.time(at) } },
      yAxis: { type: 'value', min: 0, max: top, interval: top / 2, splitLine: { lineStyle: { color: ink.line } }, axisLabel: { color: ink.text, fontSize: 11, formatter: (value: number) => format.number(value, Number.isInteger(value) ? 0 : 1) } },
      series: [{ type: 'line', showSymbol: false, smooth: 0.3, lineStyle: { width: 2, color: ink.accent }, itemStyle: { color: ink.accent }, areaStyle: { color: ink.soft }, data: speed.map(({ at, perSecond }) => [at, perSecond]) }],
    }
  }, [speed, wanted, mode, format])
  return <Chart option={option} height={148} label={`${t('campaign.live.speed')}: ${format.number(speed.at(-1)?.perSecond ?? 0, 1)}`} />
}

/** A round number at or above the highest value, so that the axis reads well. */
function topOf(value: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(value, 1)))
  return Math.ceil(value / step) * step
}
