/** A line of a figure over the last hour, with holes where there was none. `range`: what the height stands for. */
export function Sparkline({ values, range, label }: { values: readonly (number | null)[]; range: readonly [number, number]; label: string }) {
  const [low, high] = range
  const y = (value: number): number => HEIGHT - PAD - ((Math.min(high, Math.max(low, value)) - low) / (high - low || 1)) * (HEIGHT - 2 * PAD)
  const x = (index: number): number => PAD + (index / Math.max(1, values.length - 1)) * (WIDTH - 2 * PAD)
  const runs = runsOf(values)
  const last = values.findLastIndex((value) => value !== null)
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      <line x1={PAD} x2={WIDTH - PAD} y1={HEIGHT - PAD} y2={HEIGHT - PAD} className="base" />
      {runs.map((run) => (run.length === 1
        ? <circle key={run[0]?.index} cx={x(run[0]?.index ?? 0)} cy={y(run[0]?.value ?? 0)} r={1.4} />
        : <polyline key={run[0]?.index} points={run.map(({ index, value }) => `${x(index)},${y(value)}`).join(' ')} />))}
      {last >= 0 && <circle cx={x(last)} cy={y(values[last] ?? 0)} r={2} className="now" />}
    </svg>
  )
}

const WIDTH = 96
const HEIGHT = 26
const PAD = 3

function runsOf(values: readonly (number | null)[]): { index: number; value: number }[][] {
  const runs: { index: number; value: number }[][] = []
  let run: { index: number; value: number }[] = []
  values.forEach((value, index) => {
    if (value === null) {
      if (run.length > 0) runs.push(run)
      run = []
    } else run.push({ index, value })
  })
  if (run.length > 0) runs.push(run)
  return runs
}
