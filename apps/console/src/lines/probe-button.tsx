import { ApiOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { LineProbed, LineView } from '@loopline/contracts/line'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { useFormat } from '../words/format'
import '../i18n/line-words'
import { linesQuery } from './line-queries'

/** Asks the carrier now whether it is there, and shows what it answered. */
export function ProbeButton({ line }: { line: LineView }) {
  const { t } = useTranslation('line')
  const probe = useMutation({
    mutationFn: () => answer(api.POST('/api/dialer/lines/{lineId}/probe', { params: { path: { lineId: line.lineId } } })),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: linesQuery.queryKey }),
  })
  return (
    <div className="stack" style={{ gap: 4 }}>
      <div><Button size="small" icon={<ApiOutlined />} loading={probe.isPending} aria-label={t('probeLabel', { name: line.name })} onClick={() => probe.mutate()}>{t('probe')}</Button></div>
      <div role="status" className="small">
        {probe.isPending && <span className="quiet">{t('probing')}</span>}
        {probe.data && <Found probe={probe.data} />}
      </div>
      {probe.isError && <Failure error={probe.error} />}
    </div>
  )
}

function Found({ probe }: { probe: LineProbed }) {
  const { t } = useTranslation('line')
  const format = useFormat()
  const more = [probe.asked && t('asked', { asked: probe.asked }), probe.server && t('server', { server: probe.server })].filter(Boolean).join(' · ')
  return (
    <>
      <div>{probe.failure === null ? t('answered', { status: probe.status, phrase: probe.phrase, ms: format.number(probe.roundTripMs ?? 0, 1) }) : t(`failure.${probe.failure}`)}</div>
      {more && <div className="quiet cut" title={probe.allow ? `${more} · ${t('allow', { allow: probe.allow })}` : more}>{more}</div>}
    </>
  )
}
