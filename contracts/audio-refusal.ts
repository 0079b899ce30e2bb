/** Why a sound file is not taken (AUDIO_REFUSED): the same words as engines/announcement. */
export const SOUND_REFUSAL_WORDS = ['not-wave', 'cut-short', 'format', 'rate', 'channels', 'too-long', 'too-short', 'silent'] as const
