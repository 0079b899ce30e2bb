import type { SpeedPoint } from './use-progress'

const WIDTH = 96
const HEIGHT = 26
const SPAN_MS = 120_000

/** The pace of the last two minutes at a glance, beside its number: the axes are on the chart below. */
export function PaceLine({ speed, wanted }: { speed: readonly SpeedPoint[]; wanted: number }) {
  const end = speed.at(-1)?.at
  if (end === undefined) return null
  const top = Math.max(wanted, ...speed.map(({ perSecond }) => perSecond)) || 1
  const points = speed.map(({ at, perSecond }) => `${(WIDTH * (1 - (end - at) / SPAN_MS)).toFixed(1)},${(HEIGHT - 1 - (HEIGHT - 2) * (perSecond / top)).toFixed(1)}`)
  return (
    <svg className="pace-line" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden>
      <polyline points={points.join(' ')} fill="none" stroke="var(--accent)" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  )
}
