import { queryOptions, useMutation } from '@tanstack/react-query'
import type { DeskPhoneCredentials, DeskPhoneSettings } from '@loopline/contracts/agent'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'

const at = (agentId: string) => ({ params: { path: { agentId } } })

export const deskPhoneQuery = (agentId: string) => queryOptions({
  queryKey: ['desk-phone', agentId],
  queryFn: (): Promise<DeskPhoneSettings> => answer(api.GET('/api/dialer/agents/{agentId}/desk-phone', at(agentId))),
})

/** The answer holds the secret, and no cache keeps it once the panel that asked is gone. */
export const useRenewDeskPhone = (agentId: string) => useMutation({
  mutationFn: (): Promise<DeskPhoneCredentials> => answer(api.PUT('/api/dialer/agents/{agentId}/desk-phone', at(agentId))), gcTime: 0,
  onSuccess: () => void queryClient.invalidateQueries({ queryKey: deskPhoneQuery(agentId).queryKey }),
})

export const useRemoveDeskPhone = (agentId: string) => useMutation({
  mutationFn: (): Promise<DeskPhoneSettings> => answer(api.DELETE('/api/dialer/agents/{agentId}/desk-phone', at(agentId))),
  onSuccess: (settings) => void queryClient.setQueryData(deskPhoneQuery(agentId).queryKey, settings),
})
