/** Digits that nobody pressed: our announcements are speech, in Chinese and English, and the music of the hold is music. */
import { expect, test } from 'vitest'
import { DtmfDetector } from '@loopline/rtp/dtmf-detector'
import { readSounds } from '../media/sounds.ts'

test.each([...readSounds()])('talk-off: no digit is heard in %s, at any loudness and wherever a block begins', (_, samples) => {
  for (const gain of [0.1, 0.5, 1]) {
    for (let shift = 0; shift < 102; shift += 17) {
      expect(new DtmfDetector().listen(Int16Array.from([...new Int16Array(shift), ...samples.map((sample) => Math.round(sample * gain))]))).toEqual([])
    }
  }
})
