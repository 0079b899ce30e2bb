/**
 * Where a packet stands in its source's line of packets: 16-bit sequence numbers made endless (RFC 3550 A.1). A jump is
 * believed when the number after it follows (the source was restarted); one stray packet changes nothing. The probation
 * of A.1 is left out: who may be a source is decided before, by latching.ts or by SRTP.
 */
const CYCLE = 0x1_0000
const DROPOUT_MAX = 3_000
const MISORDER_MAX = 100

/** `next` and `late` belong to the line; `jumped` is not counted (A.1 "bad"); `restarted` begins a new line. */
export type SequenceVerdict = 'next' | 'late' | 'jumped' | 'restarted'

export interface SequenceLine {
  /** Extended numbers; `first` may be passed from below by a packet that was overtaken at the start. */
  first: number
  highest: number
  /** Extended number of the packet last stepped. */
  current: number
  /** The number that would confirm a restart, -1 when no jump was seen. */
  restartAt: number
}

export function newSequenceLine(sequence: number): SequenceLine {
  return { first: sequence, highest: sequence, current: sequence, restartAt: -1 }
}

/** A packet after the first. A duplicate is `late`; who cares for duplicates looks at its own window. */
export function stepSequence(line: SequenceLine, sequence: number): SequenceVerdict {
  const ahead = (sequence - line.highest) & 0xffff
  if (ahead !== 0 && ahead < DROPOUT_MAX) {
    line.highest += ahead
    line.current = line.highest
    return 'next'
  }
  if (ahead === 0 || ahead > CYCLE - MISORDER_MAX) {
    line.current = ahead === 0 ? line.highest : line.highest - (CYCLE - ahead)
    return 'late'
  }
  if (sequence !== line.restartAt) {
    line.restartAt = (sequence + 1) & 0xffff
    return 'jumped'
  }
  line.first = line.highest = line.current = sequence
  line.restartAt = -1
  return 'restarted'
}
