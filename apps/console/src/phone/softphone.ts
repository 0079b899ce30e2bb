/**
 * The agent's telephone in the page: one standing call to our desk for the whole shift, into which voice switches the
 * customers. Decides when to call the desk anew: after a reload, a sleep, another network, a socket nobody closed.
 */
import { UA, WebSocketInterface, debug } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { IncomingMessage } from 'jssip/lib/SIPMessage'
import type { z } from 'zod'
import type { PhoneSettings } from '@loopline/contracts/agent'
import { randomId } from '../session/random-id'
import { PHONE_OFF, type PhoneStatus, type Problem } from './phone'

type Settings = z.infer<typeof PhoneSettings>
const CALL_AGAIN_MS = [300, 1_000, 2_000, 5_000]
/** The page's clock stood still for this long: the machine slept, and what looks open is not. */
const SLEPT_MS = 6_000
const WATCH_MS = 1_000
const REGISTER_FOR_S = 120
/** Not RFC 3261 numbers of ours to teach JsSIP: it logs whole messages unless told not to. */
debug.disable()

export class Softphone {
  readonly #audio = new Audio()
  readonly #tell: (status: PhoneStatus) => void
  #status: PhoneStatus = PHONE_OFF
  #settings: Settings | null = null
  #ua: UA | null = null
  #session: RTCSession | null = null
  #microphone: MediaStream | null = null
  #failures = 0
  #again: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setInterval> | undefined
  #lookedAt = 0

  constructor(tell: (status: PhoneStatus) => void) {
    this.#tell = tell
    this.#audio.autoplay = true
  }

  /** The peer connection's figures, for the self-test; null while there is no leg. */
  stats(): Promise<RTCStatsReport> | null {
    return this.#session?.connection.getStats() ?? null
  }

  /** What the microphone gives, for a level meter. */
  get microphone(): MediaStream | null {
    return this.#microphone
  }

  /** Asks for the microphone, registers and calls the desk. To be called from a gesture: a page may not sound before one. */
  async start(settings: Settings): Promise<void> {
    this.#settings = settings
    if (this.#status.leg !== 'off') return
    this.#set({ leg: 'microphone', problem: null })
    const microphone = await askForMicrophone()
    if (typeof microphone === 'string') return this.#set({ leg: 'off', problem: microphone })
    this.#hold(microphone)
    document.body.append(this.#audio)
    this.#open(settings)
    this.#lookedAt = Date.now()
    this.#watch = setInterval(() => this.#look(), WATCH_MS)
    addEventListener('online', this.#reopen)
    addEventListener('pageshow', this.#onShown)
    navigator.mediaDevices.addEventListener('devicechange', this.#onDevices)
  }

  stop(): void {
    this.#end(PHONE_OFF)
  }

  #end(last: PhoneStatus): void {
    clearInterval(this.#watch)
    clearTimeout(this.#again)
    removeEventListener('online', this.#reopen)
    removeEventListener('pageshow', this.#onShown)
    ;(navigator as { mediaDevices?: MediaDevices }).mediaDevices?.removeEventListener('devicechange', this.#onDevices)
    this.#close()
    this.#audio.remove()
    this.#audio.srcObject = null
    if (this.#microphone) stopTracks(this.#microphone)
    this.#microphone = null
    this.#failures = 0
    this.#set(last)
  }

  #hold(microphone: MediaStream): void {
    this.#microphone = microphone
    const [track] = microphone.getAudioTracks()
    this.#set({ device: track ? deviceOf(track) : null })
  }

  /**
   * A headset was plugged in or out. With the one we speak through gone, or another one the system's choice, we go on through what
   * there is now; the leg stays. What takes its place is named, so that it is tested before the next customer.
   */
  readonly #onDevices = (): void => void this.#changeMicrophone()

  async #changeMicrophone(): Promise<void> {
    const before = this.#microphone
    if (!before) return
    const next = await askForMicrophone()
    const track = typeof next === 'string' ? null : next.getAudioTracks()[0]
    if (typeof next === 'string' || !track || this.#microphone !== before || (isAlive(before) && deviceOf(track) === this.#status.device)) {
      if (typeof next !== 'string') stopTracks(next)
      if (typeof next === 'string' && !isAlive(before)) this.#set({ problem: next })
      return
    }
    track.enabled = !this.#status.muted
    this.#hold(next)
    this.#set({ problem: null })
    await this.#session?.connection.getSenders().find((sender) => sender.track?.kind === 'audio')?.replaceTrack(track)
    stopTracks(before)
  }

  mute(on: boolean): void {
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !on
    this.#set({ muted: on })
  }

  #open(settings: Settings): void {
    this.#set({ leg: 'connecting' })
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    const ua = new UA({
      sockets: new WebSocketInterface(`${scheme}://${location.host}${settings.webSocketPath}`),
      uri: settings.aor, register: true, register_expires: REGISTER_FOR_S, session_timers: false, instance_id: instanceId(),
      connection_recovery_min_interval: 1, connection_recovery_max_interval: 2, user_agent: 'Loopline console',
    })
    this.#ua = ua
    // A socket that came back has a new registration: the desk is called anew, and the old leg is replaced by it.
    ua.on('registered', () => { if (this.#ua === ua && !this.#session) this.#callDesk(ua, settings) })
    ua.on('registrationFailed', ({ response }) => { if (this.#ua === ua) this.#fail('refused', retryAfterMs(response)) })
    ua.on('disconnected', () => { if (this.#ua === ua && this.#status.leg !== 'off') this.#set({ leg: 'connecting', problem: 'unreachable' }) })
    ua.start()
  }

  #callDesk(ua: UA, settings: Settings): void {
    const microphone = this.#microphone
    if (!microphone) return
    const session = ua.call(settings.deskUri, {
      mediaStream: microphone, pcConfig: { iceServers: settings.iceServers as RTCIceServer[], rtcpMuxPolicy: 'require' },
      rtcOfferConstraints: { offerToReceiveAudio: true, offerToReceiveVideo: false },
    })
    this.#session = session
    // One candidate of ours is enough for an agent that is ICE-lite; waiting for all costs over 100 ms.
    session.on('icecandidate', ({ ready }: { ready: () => void }) => ready())
    session.connection?.addEventListener('track', ({ streams, track }) => { this.#audio.srcObject = streams[0] ?? new MediaStream([track]) })
    session.on('confirmed', () => {
      this.#failures = 0
      this.#set({ leg: 'up', problem: null })
      void this.#audio.play().catch(() => this.#playAtNextGesture())
    })
    session.on('ended', ({ message }) => {
      if (isTakenOver(message)) this.#letGo(session)
      else this.#lose(session, null)
    })
    session.on('failed', ({ cause, message }) => this.#lose(session, cause === 'Connection Error' || cause === 'Request Timeout' ? 'unreachable' : 'refused', retryAfterMs(message)))
  }

  /** A page that was reloaded had no gesture yet, and may not sound before one. */
  #playAtNextGesture(): void {
    const play = (): void => void this.#audio.play().catch(() => undefined)
    for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, play, { once: true })
  }

  /** Another page has the phone now: calling back would take it away again, and so on for ever. */
  #letGo(session: RTCSession): void {
    if (this.#session !== session) return
    this.#session = null
    this.#end({ ...PHONE_OFF, problem: 'taken-over' })
  }

  #lose(session: RTCSession, problem: Problem | null, notBeforeMs = 0): void {
    if (this.#session !== session) return
    this.#session = null
    if (this.#status.leg === 'off') return
    this.#fail(problem, notBeforeMs)
  }

  /** Calls the desk again, later each time, and never before the server wants it. */
  #fail(problem: Problem | null, notBeforeMs = 0): void {
    this.#set({ leg: 'connecting', problem })
    clearTimeout(this.#again)
    const pause = Math.max(notBeforeMs, CALL_AGAIN_MS[Math.min(this.#failures, CALL_AGAIN_MS.length - 1)] as number)
    this.#failures += 1
    this.#again = setTimeout(() => {
      const [ua, settings] = [this.#ua, this.#settings]
      if (!ua || !settings || this.#session) return
      if (ua.isRegistered()) this.#callDesk(ua, settings)
      else if (!ua.isConnected()) this.#reopen()
      else ua.register()
    }, pause)
  }

  /** A laptop that slept, or a network that changed, leaves a socket that looks open: nobody but us will notice. */
  #look(): void {
    const now = Date.now()
    const slept = now - this.#lookedAt > SLEPT_MS
    this.#lookedAt = now
    if (slept) this.#reopen()
  }

  /** A page that came back from the browser's cache was frozen, and its connections were cut. */
  readonly #onShown = ({ persisted }: PageTransitionEvent): void => { if (persisted) this.#reopen() }

  readonly #reopen = (): void => {
    const settings = this.#settings
    if (this.#status.leg === 'off' || !settings) return
    this.#close()
    this.#open(settings)
  }

  #close(): void {
    const [ua, session] = [this.#ua, this.#session]
    this.#ua = null
    this.#session = null
    try {
      if (session && !session.isEnded()) session.terminate()
    } catch {
      // it ended in this very moment
    }
    ua?.stop()
  }

  #set(change: Partial<PhoneStatus>): void {
    this.#status = { ...this.#status, ...change }
    this.#tell(this.#status)
  }
}

/** The default device has one id whatever it stands for; its name tells which. */
const deviceOf = (track: MediaStreamTrack): string => `${track.getSettings().deviceId ?? ''} ${track.label}`.trim().slice(0, 200) || 'unnamed'
const isAlive = (stream: MediaStream): boolean => stream.getAudioTracks().some(({ readyState }) => readyState === 'live')
const stopTracks = (stream: MediaStream): void => { for (const track of stream.getTracks()) track.stop() }

type Heard = Pick<IncomingMessage, 'getHeader'> | null | undefined

/** What voice says with its BYE to the page that held the phone before (RFC 3326). */
const isTakenOver = (bye: unknown): boolean => /taken over/i.test((bye as Heard)?.getHeader?.('Reason') ?? '')

/** RFC 3261 §20.33: seconds, perhaps with a comment behind; 0 without. */
const retryAfterMs = (response: unknown): number => (Number.parseInt((response as Heard)?.getHeader?.('Retry-After') ?? '', 10) || 0) * 1_000

async function askForMicrophone(): Promise<MediaStream | Problem> {
  // Absent on pages that are not from a secure context: plain http on another host than this one.
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices
  if (!devices) return 'insecure-page'
  try {
    return await devices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } })
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'microphone-denied' : 'no-microphone'
  }
}

/** Of this browser tab: a reload registers as the same instance and replaces itself (RFC 5626). */
function instanceId(): string {
  const known = sessionStorage.getItem('phone-instance')
  if (known) return known
  const made = randomId()
  sessionStorage.setItem('phone-instance', made)
  return made
}
