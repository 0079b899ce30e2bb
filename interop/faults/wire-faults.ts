/** What a proxy does to what passes it, each way. All zero is a good wire. */
export interface WireFaults {
  /** Datagrams that never arrive, 0..100. UDP only: TCP hides loss. */
  lossPercent: number
  /** Datagrams that arrive twice, 0..100. UDP only. */
  duplicatePercent: number
  /** Datagrams held back for `reorderMs`, so that later ones overtake them, 0..100. UDP only. */
  reorderPercent: number
  reorderMs: number
  /** Added to everything, ms. */
  delayMs: number
  /** Nothing passes and nobody is told: a black hole. TCP: what was sent waits and passes when the wire is whole again. */
  cut: boolean
}

export const GOOD_WIRE: Readonly<WireFaults> = { lossPercent: 0, duplicatePercent: 0, reorderPercent: 0, reorderMs: 0, delayMs: 0, cut: false }

/** When each copy of one datagram arrives, ms from now; none when it is lost. The only place that rolls dice. */
export function fateOf(faults: Readonly<WireFaults>, random: () => number): number[] {
  // Every roll is made for every datagram, so that switching one fault off does not shift the dice of the others.
  const [lost, doubled, held, heldAgain] = [random() * 100, random() * 100, random() * 100, random() * 100]
  if (faults.cut || lost < faults.lossPercent) return []
  const arrival = (dice: number): number => faults.delayMs + (dice < faults.reorderPercent ? faults.reorderMs : 0)
  return doubled < faults.duplicatePercent ? [arrival(held), arrival(heldAgain)] : [arrival(held)]
}
