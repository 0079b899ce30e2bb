/** The least value that is not exceeded by this share of the values, 0..1 (nearest rank). NaN without values. */
export function shareBelow(share: number, values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}
