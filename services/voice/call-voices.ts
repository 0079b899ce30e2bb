/**
 * The signalling thread's side of the voices of its calls: takes an endpoint before an INVITE leaves, and tells the media
 * thread what both ends agreed on. Calls without a talk plan never come here.
 */
import { isIPv4 } from 'node:net'
import type { MessagePort } from 'node:worker_threads'
import type { AttemptId } from '@loopline/vocabulary/ids'
import type { DialCommand } from '@loopline/contracts/voice-link'
import type { Direction, RemoteAudio } from '@loopline/sip/sdp'
import type { Agreed } from './call-srtp.ts'
import { AnnouncedAddresses } from './announced-addresses.ts'
import { MediaClient } from './media/media-client.ts'
import type { AgreedAudio, Endpoint, FromMedia, RemoteMedia } from './media/media-messages.ts'

export interface CallVoicesHandlers {
  onMessage(message: FromMedia): void
  /** The media thread died: every call with voice must end. */
  onLost(): void
}

export class CallVoices {
  /** What our session descriptions name. */
  addresses = new AnnouncedAddresses('127.0.0.1')
  readonly #handlers: CallVoicesHandlers
  readonly #remotes = new Map<AttemptId, RemoteMedia>()
  #client: MediaClient | null = null

  constructor(handlers: CallVoicesHandlers) {
    this.#handlers = handlers
  }

  /** @param addresses as MEDIA_ADDRESS has them. */
  adopt(port: MessagePort, addresses: string): void {
    this.addresses = new AnnouncedAddresses(addresses)
    const client = new MediaClient(port, {
      onMessage: (message) => this.#handlers.onMessage(message),
      onLost: () => {
        if (this.#client !== client) return
        this.#client = null
        this.#remotes.clear()
        this.#handlers.onLost()
      },
    })
    this.#client = client
  }

  /** How many calls with voice may be placed now. */
  get portsFree(): number {
    return this.#client?.free ?? 0
  }

  take(): Endpoint | null {
    return this.#client?.take() ?? null
  }

  giveBack(endpoint: Endpoint): void {
    this.#client?.giveBack(endpoint)
  }

  open({ attemptId, customerId, talk }: Pick<DialCommand, 'attemptId' | 'customerId' | 'talk'>, endpoint: Endpoint): void {
    if (talk !== undefined) this.#client?.say({ type: 'open-call', attemptId, customerId, endpoint: endpoint.index, talk })
  }

  /**
   * @param sourceHost the carrier's address: a gateway behind a NAT names one of its own that nobody sees.
   * @returns false when the description has no audio that we can carry.
   */
  describe(attemptId: AttemptId, { audio, srtp }: Agreed, { early, sourceHost }: { early: boolean; sourceHost: string }): boolean {
    const remote = remoteOf(audio, sourceHost) ?? this.#remotes.get(attemptId)
    if (!remote) return false
    this.#remotes.set(attemptId, remote)
    this.#client?.say({ type: 'call-media', attemptId, remote, audio: agreed(audio), srtp, early })
    return true
  }

  /** @param at Unix ms with fractions: the delay until the two hear each other is measured from it. */
  answered(attemptId: AttemptId, at: number): void {
    this.#client?.say({ type: 'call-answered', attemptId, at })
  }

  close(attemptId: AttemptId): void {
    this.#remotes.delete(attemptId)
    this.#client?.say({ type: 'close-call', attemptId })
  }

  shutDown(): void {
    const client = this.#client
    this.#client = null
    client?.close()
  }
}

/** null for the old way of saying hold (RFC 3264 §8.4), and for names: we ask no resolver for a stranger. */
function remoteOf({ address, port, rtcpPort }: RemoteAudio, sourceHost: string): RemoteMedia | null {
  if (!isIPv4(address) || address === '0.0.0.0') return null
  return { host: address, port, rtcpPort, sourceHost }
}

const MIRROR: Record<Direction, Direction> = { sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' }

/** Of several codecs the first is the far end's wish (RFC 3264 §6.1). */
function agreed(audio: RemoteAudio): AgreedAudio {
  const { codecs, telephoneEvent, ptimeMs, address, wantedReports } = audio
  const direction = address === '0.0.0.0' ? 'inactive' : MIRROR[audio.direction]
  return { codec: codecs[0] ?? 'PCMA', telephoneEvent, ptimeMs, direction, ...(wantedReports === null ? {} : { wantedReports }) }
}
