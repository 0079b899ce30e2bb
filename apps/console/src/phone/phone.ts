/**
 * The page's hold on its telephone. SIP comes over the network when somebody signs on, not with the first page: most
 * who open the console have no telephone.
 */
import type { z } from 'zod'
import type { PhoneSettings } from '@loopline/contracts/agent'
import type { Softphone } from './softphone'

export type Settings = z.infer<typeof PhoneSettings>
export type Problem = 'insecure-page' | 'no-microphone' | 'microphone-denied' | 'refused' | 'unreachable' | 'taken-over'

export interface PhoneStatus {
  leg: 'off' | 'microphone' | 'connecting' | 'up'
  problem: Problem | null
  muted: boolean
  /** The microphone by the browser's own name for it; null while there is none. */
  device: string | null
}

export const PHONE_OFF: PhoneStatus = { leg: 'off', problem: null, muted: false, device: null }

const listeners = new Set<() => void>()
let status = PHONE_OFF
let softphone: Softphone | null = null
/** Starts and stops so far: a start that waited for its program must not undo a later stop. */
let turns = 0

function tell(next: PhoneStatus): void {
  status = next
  for (const listener of listeners) listener()
}

export const phone = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  status: (): PhoneStatus => status,
  /** @throws when the settings or the program of the telephone cannot be had */
  async start(settings: Promise<Settings>): Promise<void> {
    turns += 1
    const turn = turns
    const [{ Softphone: Phone }, given] = await Promise.all([import('./softphone'), settings])
    if (turn !== turns) return
    softphone ??= new Phone(tell)
    await softphone.start(given)
  },
  stop(): void {
    turns += 1
    softphone?.stop()
  },
  mute: (on: boolean): void => softphone?.mute(on),
  /** The figures of the leg, for the self-test; null while there is none. */
  stats: (): Promise<RTCStatsReport> | null => softphone?.stats() ?? null,
  /** What the microphone gives, for a level meter. */
  microphone: (): MediaStream | null => softphone?.microphone ?? null,
}
