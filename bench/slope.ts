/** One measured value at an instant. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The slope of the line that fits best (least squares), in y per x; 0 for fewer than two instants. */
export function slopeOf(points: readonly Point[]): number {
  const meanX = meanOf(points.map(({ x }) => x))
  const meanY = meanOf(points.map(({ y }) => y))
  let [together, spread] = [0, 0]
  for (const { x, y } of points) {
    together += (x - meanX) * (y - meanY)
    spread += (x - meanX) ** 2
  }
  return spread === 0 ? 0 : together / spread
}

export const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
