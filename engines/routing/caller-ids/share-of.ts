/**
 * How much of a whole limit belongs to the owner of these slots: the parts of all slots together are exactly the limit, so that
 * processes that share a number without asking each other never go above it. `offset` (any integer of the number) turns which
 * slot gets the odd ones, so that small limits of many numbers spread over all processes.
 */
export function shareOf(limit: number, slots: readonly number[], slotsAll: number, offset: number): number {
  if (slots.length >= slotsAll) return limit
  let share = 0
  for (const slot of slots) {
    const place = (slot + offset) % slotsAll
    share += Math.floor((limit * (place + 1)) / slotsAll) - Math.floor((limit * place) / slotsAll)
  }
  return share
}
