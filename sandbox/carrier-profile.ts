import { script } from './call-script.ts'
import type { CallScript, Step } from './call-script.ts'
import type { Announcement, Happening } from './happening.ts'

/**
 * How a carrier tells a caller what happened. `standard`: by the book, with Q.850 causes (RFC 3398 §8.2.6.1).
 * `chinese`: as mainland carriers do it: ring-back music and announcements in a 183, then a 480 without Reason, so that
 * 空号, 停机 and 关机 can only be heard.
 */
export const CARRIER_PROFILES = ['standard', 'chinese'] as const
export type CarrierProfile = (typeof CARRIER_PROFILES)[number]

/** An announcement is played about twice before the carrier hangs up. */
const ANNOUNCEMENT_MS = 9_000

export function scriptOf(happening: Happening, profile: CarrierProfile): CallScript {
  return profile === 'standard' ? standard(happening) : chinese(happening)
}

function standard(happening: Happening): CallScript {
  const start = happening.postDialMs
  const ringing: Step = { atMs: start, status: 180 }
  switch (happening.kind) {
    case 'answers': return script([ringing, { atMs: start + happening.ringMs, status: 200 }], { hangUpAfterMs: happening.talkMs })
    case 'rejects': return script([ringing, { atMs: start + happening.ringMs, status: 603, reason: 'Q.850;cause=21' }])
    case 'rings-out': return script([ringing, { atMs: start + happening.ringMs, status: 480, reason: 'Q.850;cause=19' }])
    case 'busy': return script([{ atMs: start, status: 486, reason: 'Q.850;cause=17' }])
    case 'invalid': return script([{ atMs: start, status: 404, reason: 'Q.850;cause=1' }])
    case 'suspended': return announced(start, 'suspended')
    case 'powered-off': return script([{ atMs: start, status: 480, reason: 'Q.850;cause=20' }])
    case 'out-of-reach': return script([{ atMs: start, status: 480 }])
    case 'network-fault': return script([{ atMs: start, status: 503, reason: 'Q.850;cause=34' }])
  }
}

function chinese(happening: Happening): CallScript {
  const start = happening.postDialMs
  const ringing: Step[] = [{ atMs: start, status: 183, announcement: 'ring-back' }, { atMs: start + 80, status: 180 }]
  switch (happening.kind) {
    case 'answers': return script([...ringing, { atMs: start + happening.ringMs, status: 200 }], { hangUpAfterMs: happening.talkMs })
    case 'rejects': return script([...ringing, { atMs: start + happening.ringMs, status: 486 }])
    case 'rings-out': {
      const gaveUp = start + happening.ringMs
      return script([...ringing, { atMs: gaveUp, status: 183, announcement: 'no-answer' }, { atMs: gaveUp + ANNOUNCEMENT_MS, status: 480 }])
    }
    case 'busy': return announced(start, 'busy')
    case 'invalid': return announced(start, 'invalid-number')
    case 'suspended': return announced(start, 'suspended')
    case 'powered-off': return announced(start, 'powered-off')
    case 'out-of-reach': return announced(start, 'unreachable')
    case 'network-fault': return script([{ atMs: start, status: 503 }])
  }
}

function announced(atMs: number, announcement: Announcement): CallScript {
  return script([{ atMs, status: 183, announcement }, { atMs: atMs + ANNOUNCEMENT_MS, status: 480 }])
}
