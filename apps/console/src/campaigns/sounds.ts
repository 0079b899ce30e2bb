import { queryOptions } from '@tanstack/react-query'
import type { AudioView } from '@loopline/contracts/audio'
import { answer } from '../api/answer'
import { api, offline, refusalOf } from '../api/client'

/** The company's own sounds, newest first. */
export const soundsQuery = queryOptions({
  queryKey: ['sounds'],
  queryFn: async (): Promise<AudioView[]> => (await answer(api.GET('/api/dialer/audio'))).items,
})

/** The bytes of a file travel as they are, which OpenAPI does not type. @throws ApiError AUDIO_REFUSED: its details give the reason */
export async function uploadSound(file: File): Promise<AudioView> {
  const name = encodeURIComponent(file.name.replace(/\.[^.]*$/, '').slice(0, 100) || 'sound')
  const response = await fetch(`/api/dialer/audio?name=${name}`, { method: 'POST', body: file, headers: { 'content-type': 'audio/wav' } }).catch(() => { throw offline() })
  if (!response.ok) throw await refusalOf(response)
  return (await response.json()) as AudioView
}

export const soundAddress = (audioId: string): string => `/api/dialer/audio/${audioId}/sound.wav`
