import type { CallEffect } from '@loopline/sip/call-effect'
import { step, takeCall, wakeAt } from '@loopline/sip/incoming-call'
import type { IncomingCall, IncomingCallSettings, IncomingInput } from '@loopline/sip/incoming-call'
import type { SipRequest, SipResponse } from '@loopline/sip/message'
import { formatResponse } from '@loopline/sip/serialise'
import { carrierSdp, NO_MEDIA_PORT } from './announcement-sdp.ts'
import type { CallScript, Step } from './call-script.ts'
import { agreedOn } from './voice/voice-pool.ts'
import type { Voice } from './voice/voice-pool.ts'
import type { Manner } from './voice/speaker.ts'

/** 彩铃, for as long as somebody may listen to it: the tone of China's networks is 450 Hz. */
const RING_BACK: Manner = { kind: 'tone', hertz: 450 }

/** A network lets nothing ring for longer, ms. */
const RING_MAX_MS = 120_000

/** One call that follows its script: the engine's call plus what the carrier does next, and when. Times: ms, monotonic. */
export class ScriptedCall {
  readonly call: IncomingCall
  readonly #script: CallScript
  readonly #startedAt: number
  readonly #mediaAddress: string
  readonly #sessionId: number
  readonly #takeVoice: () => Voice | null
  /** Taken with the first session description of ours; null: this call is silent. */
  voice: Voice | null = null
  #nextStep = 0
  #hangUpAt = Number.POSITIVE_INFINITY
  #effects: CallEffect[]

  constructor(settings: IncomingCallSettings, invite: SipRequest, calls: { script: CallScript; mediaAddress: string; sessionId: number; takeVoice: () => Voice | null }, now: number) {
    const { call, effects } = takeCall(settings, invite, now)
    this.call = call
    this.#script = calls.script
    this.#mediaAddress = calls.mediaAddress
    this.#sessionId = calls.sessionId
    this.#takeVoice = calls.takeVoice
    this.#startedAt = now
    this.#effects = [...effects]
    if (calls.script.trying) this.#do({ kind: 'trying' }, now)
    this.#playDueSteps(now)
  }

  /** What is to be sent and was noticed since the last time. */
  takeEffects(): readonly CallEffect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  /** When `onWake` is wanted next. */
  get wakeAt(): number {
    return Math.min(wakeAt(this.call), this.#nextStepAt, this.#hangUpAt)
  }

  onWake(now: number): void {
    this.#playDueSteps(now)
    if (now >= this.#hangUpAt) {
      this.#hangUpAt = Number.POSITIVE_INFINITY
      this.#do({ kind: 'hang-up' }, now)
    }
    if (wakeAt(this.call) <= now) this.#do({ kind: 'wake' }, now)
  }

  onResponse(response: SipResponse, now: number): void {
    this.#do({ kind: 'response', response }, now)
  }

  onRequest(request: SipRequest, now: number): void {
    if (request.method === 'CANCEL' && this.call.state === 'ringing') {
      if (this.#script.onCancel === 'ignored') return this.#answerCancelOnly(request)
      if (this.#script.onCancel === 'answers') this.#play({ atMs: 0, status: 200 }, now)
    }
    this.#do({ kind: 'request', request }, now)
  }

  get #nextStepAt(): number {
    if (this.call.state !== 'ringing') return Number.POSITIVE_INFINITY
    const next = this.#script.steps[this.#nextStep]
    return this.#startedAt + (next?.atMs ?? RING_MAX_MS)
  }

  #playDueSteps(now: number): void {
    while (now >= this.#nextStepAt) {
      const due = this.#script.steps[this.#nextStep] ?? { atMs: RING_MAX_MS, status: 480 }
      this.#nextStep += 1
      this.#play(due, now)
    }
  }

  #play(due: Step, now: number): void {
    if (due.status < 200) return due.announcement === undefined ? this.#do({ kind: 'ring', status: due.status }, now) : this.#announce(due, now)
    if (due.status === 200) return this.#answer(now)
    const headers = due.retryAfterS === undefined ? '' : `Retry-After: ${due.retryAfterS}\r\n`
    const reason = due.reason === undefined ? {} : { reason: due.reason }
    this.#do({ kind: 'reject', status: due.status, headers, ...reason }, now)
  }

  #announce(due: Step, now: number): void {
    const sdp = this.#sdp(due)
    if (sdp === null) this.#do({ kind: 'reject', status: 488 }, now)
    else {
      this.#do({ kind: 'progress', status: due.status, sdp }, now)
      if (due.announcement !== undefined && due.announcement !== 'ring-back') this.#speak(sdp, { kind: 'announcement', sound: due.announcement }, now)
      else this.#speak(sdp, RING_BACK, now)
    }
  }

  #answer(now: number): void {
    const sdp = this.#sdp(null)
    if (sdp === null) return this.#do({ kind: 'reject', status: 488 }, now)
    this.#do({ kind: 'answer', sdp }, now)
    this.#speak(sdp, this.#script.manner, now)
    if (this.#script.hangUpAfterMs !== null) this.#hangUpAt = now + this.#script.hangUpAfterMs
  }

  #sdp(due: Step | null): string | null {
    this.voice ??= this.#takeVoice()
    const media = { address: this.#mediaAddress, port: this.voice?.port ?? NO_MEDIA_PORT }
    return carrierSdp(this.call.invite.body, media, this.#sessionId, due?.announcement)
  }

  #speak(sdp: string, manner: Manner, now: number): void {
    const agreed = agreedOn(this.call.invite.body, sdp)
    if (agreed !== null) this.voice?.speak(agreed.audio, agreed.codec, manner, this.#sessionId, now)
  }

  #answerCancelOnly(cancel: SipRequest): void {
    this.#effects.push({ kind: 'send', text: formatResponse(cancel, 200, { toTag: this.call.settings.toTag }), hop: null })
  }

  #do(input: IncomingInput, now: number): void {
    for (const effect of step(this.call, input, now)) this.#effects.push(effect)
  }
}
