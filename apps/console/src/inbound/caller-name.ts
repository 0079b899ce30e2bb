import { useTranslation } from 'react-i18next'
import type { Agent } from '../phone/agent-queries'

/** The person on the line as the bar and the tab name him: a caller without a record has no name. */
export function useCallerName(): (call: NonNullable<Agent['call']>) => string {
  const { t } = useTranslation()
  return ({ customerName, inbound }) => (inbound && inbound.caller !== 'customer' ? t(`inbound.${inbound.caller}`) : customerName)
}
