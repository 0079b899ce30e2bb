/** How the carrier misbehaves; all off is a good carrier. Set at run time over the control port. */
export interface Misbehaviour {
  /** Datagrams lost, each way, 0..100. */
  lossPercent: number
  /** Added to each datagram, each way, ms, spread evenly over 50–150 %: so datagrams also overtake each other. */
  delayMs: number
  /** Datagrams that arrive twice, each way, 0..100. */
  duplicatePercent: number
  /** INVITEs answered 503 at once, 0..100. */
  answer503Percent: number
  /** Every INVITE is answered 404, as a carrier without a route does. */
  answer404: boolean
  /** Answered calls are answered by the carrier itself, at once, and hung up a second later: it earns by them (false answer supervision). */
  falseAnswers: boolean
  /** Added before anything but the 100 comes, ms: the post-dial delay of a carrier that routes in circles. */
  postDialMs: number
  /** So many first INVITE datagrams of each call are overheard, which makes the caller retransmit. */
  ignoreInvites: number
  /** Nothing is answered; what comes is still logged. */
  silent: boolean
  /** The socket is closed: datagrams meet an ICMP error. */
  gone: boolean
}

export const WELL_BEHAVED: Readonly<Misbehaviour> = {
  lossPercent: 0, delayMs: 0, duplicatePercent: 0, answer503Percent: 0, answer404: false, falseAnswers: false, postDialMs: 0, ignoreInvites: 0, silent: false, gone: false,
}

const MOST: Partial<Record<keyof Misbehaviour, number>> = {
  lossPercent: 100, duplicatePercent: 100, answer503Percent: 100, delayMs: 60_000, postDialMs: 60_000, ignoreInvites: 10,
}

/** The change in a request body; a text saying what is wrong with it otherwise. */
export function readMisbehaviour(body: unknown): Partial<Misbehaviour> | string {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'an object of switches is wanted'
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(WELL_BEHAVED, name)) return `no switch ${name}; there are ${Object.keys(WELL_BEHAVED).join(', ')}`
    const wanted = typeof WELL_BEHAVED[name as keyof Misbehaviour]
    if (typeof value !== wanted) return `${name} is a ${wanted}`
    const most = MOST[name as keyof Misbehaviour] ?? 0
    if (typeof value === 'number' && !(value >= 0 && value <= most)) return `${name} is 0 to ${most}`
  }
  return body as Partial<Misbehaviour>
}
