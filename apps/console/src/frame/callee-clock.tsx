import { ClockCircleOutlined } from '@ant-design/icons'
import { Popover } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CALLEE_ZONE, useCalleeNow } from '../settings/callee-time'
import { SetClock } from '../settings/set-clock'
import { useFormat } from '../words/format'

/** What time it is where the phones ring; says so when it is not the real time. */
export function CalleeClock() {
  const { t } = useTranslation()
  const format = useFormat()
  const { now, offsetMs } = useCalleeNow()
  const [open, setOpen] = useState(false)
  const time = format.time(now, CALLEE_ZONE)
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} title={t('frame.clock.set')} content={<SetClock done={() => setOpen(false)} />}>
      <button type="button" className={`plain chip numbers ${offsetMs === 0 ? '' : 'demo'}`}>
        <ClockCircleOutlined aria-hidden /><span className="spare">{t(offsetMs === 0 ? 'frame.clock.real' : 'frame.clock.demo', { time })}</span><span className="short" aria-hidden>{time}</span>
      </button>
    </Popover>
  )
}
