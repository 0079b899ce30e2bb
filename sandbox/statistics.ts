/** Counts since the carrier started. */
export class Statistics {
  /** Distinct Call-IDs. */
  calls = 0
  ended = 0
  inviteRetransmissions = 0
  /** Datagrams that were no SIP. */
  malformed = 0
  readonly #byStatus = new Map<number, number>()

  /** A final answer was given. */
  count(status: number): void {
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1)
  }

  /** Final status → calls. */
  get byStatus(): Record<string, number> {
    return Object.fromEntries([...this.#byStatus].toSorted(([one], [other]) => one - other))
  }
}
