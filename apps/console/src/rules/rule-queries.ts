import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { useMay } from '../session/me'

export const rulesQuery = queryOptions({ queryKey: ['rules'], queryFn: () => answer(api.GET('/api/crm/rules')), staleTime: 5 * 60_000 })

/** A rule's name in the person's language. Traces carry the one it had then: it stands in for a rule that is gone. */
export function useRuleName(): (ruleId: string, name: string) => string {
  const { i18n } = useTranslation()
  const { data } = useQuery({ ...rulesQuery, enabled: useMay('rule:read') })
  return (ruleId, name) => data?.rules.find(({ id }) => id === ruleId)?.name[i18n.language.startsWith('zh') ? 'zh' : 'en'] ?? name
}
