import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { AgentView, ForceAgent, PAUSE_REASONS, SkipPreview, TalkCommand } from '@loopline/contracts/agent'
import type { LegQuality } from '@loopline/contracts/quality'
import { answer } from '../api/answer'
import { ApiError, api } from '../api/client'
import { useLive } from '../api/live'
import { queryClient } from '../api/queries'
import { useMay } from '../session/me'
import { randomId } from '../session/random-id'
import { errorText } from '../words/reason'
import type { Settings } from './phone'

export type Agent = z.infer<typeof AgentView>

/** My session as an agent; null while there is none. */
export const agentQuery = queryOptions({
  queryKey: ['agent', 'me'],
  queryFn: async (): Promise<Agent | null> => {
    try {
      return await answer(api.GET('/api/dialer/agents/me'))
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null
      throw error
    }
  },
})

/** Everybody I may see, for the wallboard; push replaces one at a time. */
export const agentListQuery = queryOptions({
  queryKey: ['agent', 'list'],
  queryFn: (): Promise<{ items: Agent[] }> => answer(api.GET('/api/dialer/agents')),
})

export function useForce() {
  const { i18n } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ agentId, ...body }: z.input<typeof ForceAgent> & { agentId: string }) => answer(api.POST('/api/dialer/agents/{agentId}/force', { params: { path: { agentId } }, body })),
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      void message.error(`${text} (${code})`, 6)
    },
  })
}

/** A lead lets somebody work whose telephone was not found good. */
export function useWaive() {
  const { i18n } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ agentId, reason }: { agentId: string; reason: string }) => answer(api.POST('/api/dialer/agents/{agentId}/self-test/waive', { params: { path: { agentId } }, body: { reason } })),
    onSuccess: () => void message.success(i18n.t('selfTest.waiveDone')),
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      void message.error(`${text} (${code})`, 6)
    },
  })
}

export const phoneSettings = (): Promise<Settings> => answer(api.GET('/api/dialer/agents/me/phone'))

/** This page, for as long as it lives: whoever signs on later from another page takes over. */
export const PAGE_ID = ((): string => {
  const known = sessionStorage.getItem('page-id')
  if (known) return known
  const made = randomId()
  sessionStorage.setItem('page-id', made)
  return made
})()

/** Takes a session over unless a newer one is known. */
export function keep(agent: Agent): void {
  queryClient.setQueryData(agentQuery.queryKey, (known) => (known && known.agentId === agent.agentId && known.version > agent.version ? known : agent))
}

/** My session, kept current by push; undefined while it is asked for. */
export function useAgent(): Agent | null | undefined {
  const enabled = useMay('agent:self')
  const { data } = useQuery({ ...agentQuery, enabled })
  useLive((message) => {
    if (message.topic === 'agent' && message.agent.agentId === queryClient.getQueryData(agentQuery.queryKey)?.agentId) keep(message.agent)
  })
  return data
}

/** What a click does to my session: the answer is the new one; a refusal is told, with the row as it is now. */
export function useAct<Given>(act: (given: Given) => Promise<Agent>) {
  const { i18n } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: act,
    onSuccess: keep,
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      void message.error(`${text} (${code})`, 6)
      void queryClient.invalidateQueries({ queryKey: agentQuery.queryKey })
    },
  })
}

export const useSignOn = () => useAct((body: { phone: 'browser' | 'desk'; campaignIds: string[] }) => answer(api.POST('/api/dialer/agents/me/sign-on', { body: { ...body, pageId: PAGE_ID } })))
export const useChangeState = () => useAct((body: { state: 'ready' | 'paused' | 'offline'; reason?: (typeof PAUSE_REASONS)[number] }) => answer(api.POST('/api/dialer/agents/me/state', { body })))
export const useWrapUp = () => useAct((body: { attemptId: string; next: 'ready' | 'paused'; disposition?: string; note?: string; callback?: { at: string; agentId: string | null } }) => answer(api.POST('/api/dialer/agents/me/wrap-up', { body })))
export const useExtend = () => useAct((seconds: number) => answer(api.POST('/api/dialer/agents/me/wrap-up/extend', { body: { seconds } })))
export const useAcceptPreview = () => useAct((attemptId: string) => answer(api.POST('/api/dialer/agents/me/preview/{attemptId}/accept', { params: { path: { attemptId } } })))
export const useSkipPreview = () => useAct(({ attemptId, reason }: z.input<typeof SkipPreview> & { attemptId: string }) =>
  answer(api.POST('/api/dialer/agents/me/preview/{attemptId}/skip', { params: { path: { attemptId } }, body: { reason } })))

/** What is done with the voices of a call. */
export function useTalk() {
  const { i18n } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ attemptId, ...body }: z.input<typeof TalkCommand> & { attemptId: string }) => api.POST('/api/dialer/calls/{attemptId}/talk', { params: { path: { attemptId } }, body }),
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      void message.error(`${text} (${code})`, 6)
    },
  })
}

export interface Quality {
  attemptId: string
  at: number
  customer: LegQuality
  agent: LegQuality
}

const qualities = new Map<string, Quality>()
const qualityListeners = new Set<() => void>()

/** Keeps the latest figures of each call that push tells of. To be used once, by the frame. */
export function useQualityFeed(): void {
  useLive((message) => {
    if (message.topic !== 'quality') return
    const { attemptId, at, customer, agent } = message
    qualities.set(attemptId, { attemptId, at, customer, agent })
    if (qualities.size > 500) qualities.delete(qualities.keys().next().value as string)
    for (const tell of qualityListeners) tell()
  })
}

/** How the call sounded in the last second; null before the first figures. */
export function useQuality(attemptId: string | null): Quality | null {
  return useSyncExternalStore(
    (tell) => {
      qualityListeners.add(tell)
      return () => void qualityListeners.delete(tell)
    },
    () => (attemptId === null ? null : (qualities.get(attemptId) ?? null)),
  )
}
