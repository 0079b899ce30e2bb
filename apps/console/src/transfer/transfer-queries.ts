import { queryOptions, useMutation } from '@tanstack/react-query'
import { App } from 'antd'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { ColleagueList } from '@loopline/contracts/agent'
import type { TransferCommand } from '@loopline/contracts/transfer'
import { TRANSFER_FAILURES, type TransferFailure } from '@loopline/contracts/transfer-words'
import { answer } from '../api/answer'
import { ApiError, api } from '../api/client'
import { errorText } from '../words/reason'

export type Colleague = ColleagueList['items'][number]

/** Who could be asked; asked for anew whenever the picker is opened. */
export const colleaguesQuery = queryOptions({
  queryKey: ['agent', 'colleagues'], staleTime: 0, gcTime: 0,
  queryFn: (): Promise<z.infer<typeof ColleagueList>> => answer(api.GET('/api/dialer/agents/colleagues')),
})

/** Why a transfer failed, in words; a reason this build does not know is shown as it came. */
export function failureWord(t: TFunction, reason: string, name: string | null): string {
  const known: TransferFailure | undefined = TRANSFER_FAILURES.find((one) => one === reason)
  return known ? t(`transfer.failure.${known}`, { name: name ?? t('transfer.somebody') }) : reason
}

/** What is done with the transfer of a call; what comes of it is told by my own session. */
export function useTransfer() {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ attemptId, ...body }: z.input<typeof TransferCommand> & { attemptId: string }) => api.POST('/api/dialer/calls/{attemptId}/transfer', { params: { path: { attemptId } }, body }),
    onError: (error) => {
      const { text, code } = errorText(i18n, error)
      const { reason, name = null } = (error instanceof ApiError && code === 'TRANSFER_FAILED' ? error.details : {}) as { reason?: string; name?: string | null }
      void message.error(reason === undefined ? `${text} (${code})` : t('transfer.failed', { reason: failureWord(t, reason, name), where: t('transfer.stillYours') }), 6)
    },
  })
}
