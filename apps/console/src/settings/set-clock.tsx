import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { MinuteInput, minutesOf } from '../parts/minute-input'
import { useMay } from '../session/me'
import { CALLEE_ZONE, offsetFor, useCalleeNow } from './callee-time'
import { calleeClockQuery } from './setting-queries'
import { minuteOfDay, useFormat } from '../words/format'

const PRESETS = [['10:12', 'morning'], ['20:30', 'evening'], ['03:00', 'night']] as const

/** Sets what counts as now at the callees: the demo dials at three in the morning too. */
export function SetClock({ done }: { done?: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const mayEdit = useMay('setting:edit')
  const { data } = useQuery(calleeClockQuery)
  const { now, offsetMs } = useCalleeNow()
  const [chosen, setChosen] = useState<string | null>(null)
  const time = chosen ?? format.time(now, CALLEE_ZONE)
  const save = useMutation({
    mutationFn: (offset: number) => answer(api.PUT('/api/hub/settings/callee-clock', { body: { version: data?.version ?? 0, offsetMs: offset } })),
    onSuccess: (saved) => {
      queryClient.setQueryData(calleeClockQuery.queryKey, saved)
      setChosen(null)
      done?.()
    },
  })
  if (!mayEdit) return <p className="quiet" style={{ maxWidth: 260 }}>{t('frame.clock.tip')} {t('frame.clock.fixed')}</p>
  return (
    <form className="stack" style={{ width: 352, gap: 12 }} onSubmit={(event) => { event.preventDefault(); save.mutate(offsetFor(time, Date.now())) }}>
      <p className="quiet small">{t('frame.clock.tip')}</p>
      <div className="row">
        <label htmlFor="callee-time">{t('frame.clock.to')}</label>
        <MinuteInput id="callee-time" minutes={minutesOf(time) ?? 0} onChange={(minutes) => setChosen(minuteOfDay(minutes))} />
        <Button htmlType="submit" type="primary" loading={save.isPending}>{t('frame.clock.apply')}</Button>
      </div>
      <div className="row wrap">
        {PRESETS.map(([preset, word]) => <Button key={preset} size="small" onClick={() => { setChosen(null); save.mutate(offsetFor(preset, Date.now())) }}>{t(`frame.clock.${word}`)}</Button>)}
        {offsetMs !== 0 && <Button size="small" onClick={() => save.mutate(0)}>{t('frame.clock.reset')}</Button>}
      </div>
      {save.isError && <Failure error={save.error} />}
    </form>
  )
}
