import { createHmac } from 'node:crypto'
import type { z } from 'zod'
import type { PhoneSettings } from '@loopline/contracts/agent'

/** Where agents' telephones reach voice, and what helps them through firewalls. */
export interface PhoneNetwork {
  webSocketPath: string
  turnUrls: readonly string[]
  /** Shared with coturn (`static-auth-secret`); not empty where there is a TURN server. */
  turnSecret: string
}

const SHIFT_SECONDS = 12 * 3_600

/** TURN credentials end with the shift: `<expiry>:<user>` and its HMAC-SHA1, as coturn's REST API has them. */
export function phoneSettings({ webSocketPath, turnUrls, turnSecret }: PhoneNetwork, agentId: string, now: number): z.infer<typeof PhoneSettings> {
  const username = `${Math.floor(now / 1_000) + SHIFT_SECONDS}:${agentId}`
  const credential = createHmac('sha1', turnSecret).update(username).digest('base64')
  return {
    webSocketPath, aor: `sip:${agentId}@loopline`, deskUri: 'sip:desk@loopline',
    iceServers: turnUrls.map((urls) => (/^turns?:/.test(urls) ? { urls, username, credential } : { urls })),
  }
}
