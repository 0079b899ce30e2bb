/** The sounds that come with the product, read once at the start; sounds/README.md says how they were made. */
import { readFileSync } from 'node:fs'
import type { AudioName } from '@loopline/contracts/voice-link'
import { holdMusic } from './hold-music.ts'
import { readWav } from './wav.ts'

const BUILT_IN = [
  'recording-announcement-zh', 'recording-announcement-en', 'no-agent-zh', 'no-agent-en', 'please-wait-zh', 'please-wait-en'
] as const satisfies AudioName[]

/** @throws when a file is missing or is none that we play. */
export function readSounds(): Map<AudioName, Int16Array> {
  const spoken = BUILT_IN.map((name): [AudioName, Int16Array] => {
    const samples = readWav(readFileSync(new URL(`sounds/${name}.wav`, import.meta.url)))
    if (typeof samples === 'string') throw new Error(`${name}.wav: ${samples}`)
    return [name, samples]
  })
  return new Map([...spoken, ['hold-music', holdMusic()]])
}
