import { queryOptions, useMutation } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { CallbackView } from '@loopline/contracts/callback'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { errorText } from '../words/reason'

export type Callback = z.infer<typeof CallbackView>

/** The calls promised to customers that I may see, the earliest first. */
export const callbacksQuery = queryOptions({
  queryKey: ['callbacks'],
  queryFn: (): Promise<{ items: Callback[] }> => answer(api.GET('/api/dialer/callbacks', { params: { query: { limit: 50 } } })),
})

/** With `at` the promise is moved there, without it is cancelled. */
export function useChangeCallback() {
  const { i18n } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ callbackId, at, reason }: { callbackId: string; at: string | null; reason: string }) => (at === null
      ? answer(api.POST('/api/dialer/callbacks/{callbackId}/cancel', { params: { path: { callbackId } }, body: { reason } }))
      : answer(api.POST('/api/dialer/callbacks/{callbackId}/reschedule', { params: { path: { callbackId } }, body: { at, reason } }))),
    onSettled: () => queryClient.invalidateQueries({ queryKey: callbacksQuery.queryKey }),
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      void message.error(`${text} (${code})`, 6)
    },
  })
}
