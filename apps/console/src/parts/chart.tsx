import { LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { EChartsCoreOption } from 'echarts/core'
import { useEffect, useRef } from 'react'
import { useAppearance } from '../theme/appearance'

use([LineChart, GridComponent, TooltipComponent, CanvasRenderer])

/** Colours of charts, by mode. */
export const CHART_INK = {
  light: { text: '#65706B', line: '#E9ECEA', accent: '#087857', soft: 'rgba(8,120,87,0.12)', raised: '#FFFFFF', ink: '#17201D' },
  dark: { text: '#8C9893', line: '#262D2B', accent: '#34D399', soft: 'rgba(52,211,153,0.16)', raised: '#1D2322', ink: '#E6ECE9' },
} as const

/** A chart that follows its options, its box and the mode. `label` says in words what it shows. */
export function Chart({ option, height, label }: { option: EChartsCoreOption; height: number; label: string }) {
  const { mode } = useAppearance()
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType | null>(null)
  useEffect(() => {
    if (!box.current) return undefined
    const made = init(box.current)
    chart.current = made
    const observer = new ResizeObserver(() => made.resize())
    observer.observe(box.current)
    return () => {
      observer.disconnect()
      made.dispose()
      chart.current = null
    }
  }, [])
  useEffect(() => {
    const ink = CHART_INK[mode]
    chart.current?.setOption({
      animation: false, textStyle: { color: ink.text, fontFamily: 'inherit' },
      tooltip: { trigger: 'axis', backgroundColor: ink.raised, borderColor: ink.line, textStyle: { color: ink.ink, fontSize: 12 }, axisPointer: { lineStyle: { color: ink.line } } },
      ...option,
    })
  }, [option, mode])
  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%' }} />
}
