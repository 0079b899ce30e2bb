import { z } from 'zod'

/** A company's own sound that campaigns may play: made from a WAV file, kept as A-law of 8 kHz. HTTP of dialer, mounted at /audio. */
export const AudioView = z.object({
  audioId: z.uuid(),
  name: z.string(),
  durationMs: z.number().int(),
  madeBy: z.string(),
  madeAt: z.string(),
})
export type AudioView = z.infer<typeof AudioView>

/** GET /audio */
export const AudioList = z.object({ items: z.array(AudioView) })

/** POST /audio?name=… with the bytes of a WAV file as `audio/wav`. */
export const UploadAudio = z.object({ name: z.string().trim().min(1).max(100) })
/** GET /audio/:audioId/sound.wav, DELETE /audio/:audioId — refused while a campaign that is not over plays it. */
