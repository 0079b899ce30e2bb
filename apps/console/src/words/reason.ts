import { useTranslation } from 'react-i18next'
import type { i18n as I18n } from 'i18next'
import { ApiError } from '../api/client'

/** Texts for words that come from the server: a word this build does not know yet is shown as it came. */
type Family = 'reason.block' | 'reason.outcome' | 'reason.line' | 'reason.callerId' | 'reason.callerIdGone' | 'reason.hold' | 'reason.effect' | 'reason.effectResult' | 'import.rowError' | 'field' | 'setting.action' | 'lineType' | 'status' | 'intent' | 'consent' | 'outcome' | 'level' | 'workbench.disposition' | 'inbound.outcome'

export function wordOf(i18n: I18n, family: Family, word: string): string {
  const key = `${family}.${word}`
  return i18n.exists(key) ? i18n.t(key as 'frame.loading') : word
}

export function useWord(): (family: Family, word: string) => string {
  const { i18n } = useTranslation()
  return (family, word) => wordOf(i18n, family, word)
}

/** Why a call is blocked or ended as it did: the gate's reasons and those of the outcome table share no word. */
export function useReason(): (reason: string) => string {
  const { i18n } = useTranslation()
  return (reason) => wordOf(i18n, i18n.exists(`reason.outcome.${reason}`) ? 'reason.outcome' : 'reason.block', reason)
}

/** What happened, in the person's language; the server's own words for a code this build does not know. */
export function errorText(i18n: I18n, error: unknown): { text: string; code: string } {
  if (!(error instanceof ApiError)) return { text: error instanceof Error ? error.message : String(error), code: 'CLIENT' }
  const key = `error.of.${error.code}`
  const text = i18n.exists(key) ? i18n.t(key as 'frame.loading') : error.message
  const why = reasonsIn(error.details).map((reason) => wordOf(i18n, 'reason.block', reason))
  return { text: why.length > 0 ? `${text} ${why.join(i18n.t('condition.and'))}` : text, code: error.code }
}

/** `details` of a refused call names the gate's reasons. */
function reasonsIn(details: unknown): string[] {
  if (typeof details !== 'object' || details === null) return []
  const { reason, reasons } = details as { reason?: unknown; reasons?: unknown }
  if (Array.isArray(reasons)) return reasons.flatMap((one: unknown) => (typeof one === 'string' ? [one] : reasonsIn(one)))
  return typeof reason === 'string' ? [reason] : []
}
