import type { FromVoice, VoiceCallEvent } from '@loopline/contracts/voice-link'
import { believedUp } from '../agent/agent-round.ts'
import { onLeg } from '../agent/on-leg.ts'
import { tellSounds } from '../audio/tell-sounds.ts'
import { onLegTested } from '../agent/self-test.ts'
import type { Dialer } from '../dialer.ts'
import { tellDeskPhones } from '../desk-phone/tell-desk-phones.ts'
import { weighRinging } from '../line/weigh-call.ts'
import { askForEnds } from '../recording/close-open.ts'
import { onAnswered } from '../talk/answered-alone.ts'
import { onConnected, onTalk } from '../talk/on-talk.ts'

/** How long after its deadline an attempt without a word is asked for: no INVITE can leave for it any more. */
const SILENT_MS = 1_000

/** What voice said last of itself. `isRecovered`: the calls of the process before it are all ended or told. */
export interface VoiceSide {
  epoch: string | null
  isRecovered: boolean
  /** False when the journal of calls may have holes: then a call that voice never saw may have been made all the same. */
  isWhole: boolean
}

/** Takes what voice says to where it belongs. */
export function onVoice(dialer: Dialer, side: VoiceSide, message: FromVoice): void {
  switch (message.type) {
    case 'hello': return greet(dialer, side, message.epoch)
    case 'recovered':
      side.isRecovered = true
      side.isWhole = message.whole
      // What a dead voice was recording is closed now, not when somebody misses it. With the database away, the next round asks.
      askForEnds(dialer, 'all').catch((error: unknown) => dialer.log.warn({ err: error }, 'voice could not be asked for the ends of recordings'))
      return
    case 'recorder':
      dialer.recorder.fault = message.reason
      if (message.reason !== null) dialer.log.error({ reason: message.reason }, 'recordings cannot be written')
      return
    case 'calls':
      for (const event of message.events) onCall(dialer, event)
      return
    case 'known': return onKnown(dialer, side, message)
    case 'line-state': {
      const line = dialer.lines.get(message.lineId)
      if (line) Object.assign(line, { socket: message.state, socketReason: message.reason })
      return
    }
    case 'agent-leg': return onLeg(dialer, message)
    case 'leg-tested': return onLegTested(dialer, message)
    case 'line-probed': return dialer.lineProbes.hear(message.probeId, message.probe)
    case 'quality':
      return showQuality(dialer, message)
  }
}

function greet(dialer: Dialer, side: VoiceSide, epoch: string): void {
  if (epoch !== side.epoch) Object.assign(side, { epoch, isRecovered: false, isWhole: true })
  dialer.inFlight.doubtAll()
  dialer.legs.greeted(believedUp(dialer))
  askForServed(dialer)
  dialer.voice.send({ type: 'lines', lines: dialer.lines.configs() })
  dialer.toldPhones.last = ''
  dialer.toldSounds.last = ''
  tellSounds(dialer)
  // With the database away the round that follows says it.
  tellDeskPhones(dialer).catch((error: unknown) => dialer.log.warn({ err: error }, 'voice could not be told of desk telephones'))
}

/** What is lost of it is shown again a second later. */
function showQuality(dialer: Dialer, { at, calls }: Extract<FromVoice, { type: 'quality' }>): void {
  const shown = calls.map((call) => ({ ...call, teamId: dialer.agents.get(call.agentId)?.teamId ?? null }))
  dialer.showQuality({ at, calls: shown }).catch((error: unknown) => dialer.log.debug({ err: error }, 'how calls sound could not be shown'))
}

/** Who talks with whom may have changed while the link was down. */
function askForServed(dialer: Dialer): void {
  const attemptIds = dialer.agents.all().flatMap(({ session, served }) => (served && session.call?.phase !== 'preview' && session.call?.phase !== 'ended' ? [served.attemptId] : []))
  if (attemptIds.length > 0) dialer.voice.send({ type: 'query', attemptIds })
}

function onCall(dialer: Dialer, event: VoiceCallEvent): void {
  onTalk(dialer, event)
  switch (event.kind) {
    case 'offered': return dialer.inbound.offered(dialer, event.offer)
    case 'placed': return dialer.inFlight.see(event.attemptId)
    case 'ringing':
      weighRinging(dialer, dialer.inFlight.get(event.attemptId), event.at)
      return dialer.inFlight.see(event.attemptId)
    case 'answered':
      dialer.inFlight.see(event.attemptId)
      dialer.lines.works(dialer.inFlight.get(event.attemptId)?.lineId ?? null)
      dialer.inbound.answered(event.attemptId)
      onAnswered(dialer, event.attemptId, event.at)
      return dialer.crashPoint('after-answer')
    case 'refused':
      // An order that came twice: the first may be a call by now. What became of it is told by its end, or asked for.
      if (event.refusal === 'seen') return
      return dialer.outcomes.take({ kind: 'never-sent', attemptId: event.attemptId, at: event.at, refusal: event.refusal, leg: event.leg })
    case 'ended':
      if (dialer.inbound.ended(event.attemptId, event.result)) return
      dialer.inFlight.over(event.attemptId)
      return dialer.outcomes.take({ kind: 'result', attemptId: event.attemptId, result: event.result, leg: event.leg })
    default: return dialer.inFlight.see(event.attemptId)
  }
}

function onKnown(dialer: Dialer, { isWhole, epoch }: VoiceSide, { alive, neverSeen, talks }: Extract<FromVoice, { type: 'known' }>): void {
  for (const { attemptId, agentId } of talks) onConnected(dialer, attemptId, agentId)
  for (const attemptId of alive) dialer.inFlight.see(attemptId)
  for (const attemptId of neverSeen) {
    const attempt = dialer.inFlight.get(attemptId)
    if (!attempt) continue
    const at = dialer.clock.now()
    // What this very process was ordered and does not know was never sent; so was what a whole journal lacks.
    if (isWhole || attempt.epoch === epoch) dialer.outcomes.take({ kind: 'never-sent', attemptId, at, refusal: 'never-sent', leg: attempt.leg })
    else dialer.outcomes.take({ kind: 'hidden', attemptId, at })
  }
}

/** Asks voice for attempts that should long have been heard of. To be called about once a second. */
export function askForSilent(dialer: Dialer, side: VoiceSide): void {
  if (dialer.voice.epoch === null || !side.isRecovered) return
  const silent = dialer.inFlight.silentSince(dialer.clock.now() - SILENT_MS)
  for (let at = 0; at < silent.length; at += 1_000) {
    const attemptIds = silent.slice(at, at + 1_000)
    dialer.voice.send({ type: 'query', attemptIds, legs: dialer.inFlight.legsOf(attemptIds) })
  }
}
