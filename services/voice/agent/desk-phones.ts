/** Which desk telephones may register, and whose they are. Secrets are unsealed when they come, so that a check costs the same for all. */
import type { UserId } from '@loopline/vocabulary/ids'
import type { DeskPhone } from '@loopline/contracts/voice-link'
import type { Keyring } from '@loopline/keys/keyring'
import type { Ha1 } from '@loopline/sip/digest-server'

export interface KnownPhone {
  agentId: UserId
  user: string
  ha1: Ha1
}

export class DeskPhones {
  readonly #keyring: Pick<Keyring, 'open'>
  readonly #onUnreadable: (user: string) => void
  #byUser = new Map<string, KnownPhone>()

  constructor(keyring: Pick<Keyring, 'open'>, onUnreadable: (user: string) => void) {
    this.#keyring = keyring
    this.#onUnreadable = onUnreadable
  }

  get size(): number {
    return this.#byUser.size
  }

  find(user: string): KnownPhone | null {
    return this.#byUser.get(user) ?? null
  }

  /** Takes the whole list; returns the agents whose telephone is gone or has another secret: what it registered counts no more. */
  adopt(phones: readonly DeskPhone[]): UserId[] {
    const before = this.#byUser
    this.#byUser = new Map(phones.flatMap((phone) => this.#open(phone)).map((known) => [known.user, known]))
    return [...before.values()].filter((known) => !isEqual(known, this.#byUser.get(known.user))).map(({ agentId }) => agentId)
  }

  #open({ agentId, user, ha1Sealed }: DeskPhone): KnownPhone[] {
    const open = (sealed: string): string => this.#keyring.open(Buffer.from(sealed, 'base64'), agentId)
    try {
      return [{ agentId, user, ha1: { md5: open(ha1Sealed.md5), sha256: open(ha1Sealed.sha256) } }]
    } catch {
      this.#onUnreadable(user) // one secret of another installation must not keep the others from working
      return []
    }
  }
}

const isEqual = (one: KnownPhone, other: KnownPhone | undefined): boolean =>
  other !== undefined && one.agentId === other.agentId && one.ha1.md5 === other.ha1.md5 && one.ha1.sha256 === other.ha1.sha256
