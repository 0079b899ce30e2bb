import { answer } from '../api/answer'
import { api } from '../api/client'
import { useAct } from '../phone/agent-queries'

export const useTakeCaller = () => useAct((attemptId: string) => answer(api.POST('/api/dialer/agents/me/incoming/{attemptId}/accept', { params: { path: { attemptId } } })))
export const useMakeRecord = () => useAct(({ attemptId, ...body }: { attemptId: string; name: string; company?: string }) => answer(api.POST('/api/dialer/calls/{attemptId}/customer', { params: { path: { attemptId } }, body })))
export const useDeclineCaller = () => useAct((attemptId: string) => answer(api.POST('/api/dialer/agents/me/incoming/{attemptId}/decline', { params: { path: { attemptId } } })))
