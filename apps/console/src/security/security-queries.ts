import { queryOptions } from '@tanstack/react-query'
import { answer } from '../api/answer'
import { api } from '../api/client'

/** Each of somebody else for an admin; null: of oneself. */
export const secondFactorQuery = (userId: string | null) => queryOptions({
  queryKey: ['security', 'second-factor', userId],
  queryFn: () => (userId === null ? answer(api.GET('/api/hub/me/second-factor')) : answer(api.GET('/api/hub/users/{userId}/second-factor', { params: { path: { userId } } }))),
})

export const sessionsQuery = (userId: string | null) => queryOptions({
  queryKey: ['security', 'sessions', userId],
  queryFn: async () => (await (userId === null ? answer(api.GET('/api/hub/me/sessions')) : answer(api.GET('/api/hub/users/{userId}/sessions', { params: { path: { userId } } })))).items,
})

export const signInsQuery = (userId: string | null) => queryOptions({
  queryKey: ['security', 'sign-ins', userId],
  queryFn: async () => (await (userId === null ? answer(api.GET('/api/hub/me/sign-ins')) : answer(api.GET('/api/hub/users/{userId}/sign-ins', { params: { path: { userId } } })))).items,
})
