import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TransferView } from '@loopline/contracts/transfer'
import type { Agent } from '../phone/agent-queries'
import { useNow } from '../phone/use-clock'
import { failureWord, useTransfer } from './transfer-queries'
import { useAltKeys } from './use-alt-keys'
import './transfer.css'

type Call = NonNullable<Agent['call']>

/** Who of us is asked or on the call as well, and what I can do about it. */
export function TransferOnBar({ call, transfer }: { call: Call; transfer: TransferView }) {
  const { t } = useTranslation()
  const act = useTransfer()
  const { attemptId } = call
  const { side, phase } = transfer
  const joined = phase === 'consulting' || phase === 'conference'
  const takeBack = (): void => act.mutate({ attemptId, do: 'take-back' })
  const complete = (): void => act.mutate({ attemptId, do: 'complete' })
  const conference = (): void => act.mutate({ attemptId, do: 'conference', on: phase === 'consulting' })
  useAltKeys(side === 'asked' ? { KeyB: () => act.mutate({ attemptId, do: 'leave' }) } : { KeyB: takeBack, ...(joined && { KeyC: conference, Enter: complete }) })
  return (
    <div className="row strip-line transfer-on-bar">
      <span className="cut what" role="status"><Where transfer={transfer} /></span>
      {side === 'asked' && joined && <Button size="small" aria-keyshortcuts="Alt+B" title="Alt+B" onClick={() => act.mutate({ attemptId, do: 'leave' })}>{t('transfer.leave')}</Button>}
      {side === 'asking' && <>
        {joined && <Button size="small" type="primary" aria-keyshortcuts="Alt+Enter" title="Alt+Enter" onClick={complete}>{t(phase === 'conference' ? 'transfer.leave' : 'transfer.complete')}</Button>}
        {joined && <Button size="small" aria-keyshortcuts="Alt+C" title="Alt+C" onClick={conference}>{t(phase === 'conference' ? 'transfer.letOut' : 'transfer.letIn')}</Button>}
        <Button size="small" aria-keyshortcuts="Alt+B" title="Alt+B" onClick={takeBack}>{t(phase === 'conference' ? 'transfer.drop' : 'transfer.takeBack')}</Button>
      </>}
    </div>
  )
}

function Where({ transfer: { side, phase, name, answerBy } }: { transfer: TransferView }) {
  const { t } = useTranslation()
  const now = useNow(phase === 'asked')
  if (phase === 'asked') return <>{t('transfer.asking', { name })} <span className="numbers quiet">{t('transfer.left', { seconds: Math.max(0, Math.round((Date.parse(answerBy) - now) / 1_000)) })}</span></>
  if (phase === 'accepted') return t('transfer.joining', { name })
  if (phase === 'conference') return t('transfer.conference', { name })
  return t(side === 'asked' ? 'transfer.askedConsulting' : 'transfer.consulting', { name })
}

/** The last transfer of this call failed: why, and where the customer is. */
export function TransferFailedOnBar({ call: { transferFailed, phase } }: { call: Call }) {
  const { t } = useTranslation()
  if (!transferFailed) return null
  const text = t('transfer.failed', { reason: failureWord(t, transferFailed.reason, transferFailed.name), where: t(phase === 'ended' ? 'transfer.customerLeft' : 'transfer.stillYours') })
  return <span role="alert" className="strip-line transfer-failed">{text}</span>
}
