import type { AudioName } from '@loopline/contracts/voice-link'
import type { Dialer } from '../dialer.ts'
import { objectOf } from './audios.ts'

/** What this link's voice was told last to hold ready. */
export class ToldSounds {
  last = ''
}

/** Tells voice which sounds of our own running campaigns may play, when that is news to it: it loads them before a call needs them. */
export function tellSounds(dialer: Dialer): void {
  const { epoch } = dialer.voice
  if (epoch === null) return
  const ids = dialer.campaigns.all().flatMap(({ row: { settings } }) => [settings.fallbackAudioId, settings.announcementAudioId].flatMap((id) => id ?? []))
  const names: AudioName[] = [...new Set(ids)].toSorted().map(objectOf)
  const list = `${epoch} ${names.join()}`
  if (list === dialer.toldSounds.last) return
  if (dialer.voice.send({ type: 'sounds', names })) dialer.toldSounds.last = list
}
