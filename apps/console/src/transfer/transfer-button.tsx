import { SwapOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../phone/agent-queries'
import { ColleaguePicker } from './colleague-picker'
import { useTransfer } from './transfer-queries'
import { useAltKeys } from './use-alt-keys'

/** Asks a colleague to take the call, or for a word first. */
export function TransferButton({ call: { attemptId, campaignId } }: { call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const transfer = useTransfer()
  useAltKeys({ KeyT: () => setOpen(!isOpen) })
  const picker = <ColleaguePicker hasCampaign={campaignId !== null} ask={(ask) => transfer.mutate({ attemptId, ...ask }, { onSuccess: () => setOpen(false) })} />
  return (
    <Popover trigger="click" placement="bottom" open={isOpen} onOpenChange={setOpen} destroyOnHidden content={picker}>
      <Button size="small" type="text" icon={<SwapOutlined />} aria-keyshortcuts="Alt+T" aria-label={t('transfer.open')} title={`${t('transfer.open')} (Alt+T)`} loading={transfer.isPending} />
    </Popover>
  )
}
