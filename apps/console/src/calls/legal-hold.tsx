import { useMutation } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordingView } from '@loopline/contracts/recording'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { recordingQuery, setHold } from './recording-queries'

const REASON_MIN = 2

/** Until when the recording is kept, what holds it longer, and for whom it is allowed, the hold and its release. */
export function LegalHold({ recording }: { recording: RecordingView }) {
  const { t } = useTranslation()
  const format = useFormat()
  const mayHold = useMay('recording:hold')
  const [asking, setAsking] = useState(false)
  const { attemptId, hold, legalHold, keptUntil } = recording
  return (
    <div className="small">
      {hold
        ? <p><strong>⚖ {t('recording.hold.on')}</strong> · {hold.reason} <span className="quiet">· {hold.by} · {format.instant(hold.at)}</span></p>
        : keptUntil && <p className="quiet">{t('recording.keptUntil', { day: format.day(keptUntil) })}</p>}
      {mayHold && <Button size="small" onClick={() => setAsking(true)}>{t(legalHold ? 'recording.hold.release' : 'recording.hold.set')}</Button>}
      {asking && <HoldDialog attemptId={attemptId} on={!legalHold} close={() => setAsking(false)} />}
    </div>
  )
}

/** Both acts are audited with their reason, so neither is done without one. */
function HoldDialog({ attemptId, on, close }: { attemptId: string; on: boolean; close: () => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const save = useMutation({
    mutationFn: () => setHold(attemptId, on, reason.trim()),
    onSuccess: (view) => {
      queryClient.setQueryData(recordingQuery(attemptId).queryKey, view)
      void queryClient.invalidateQueries({ queryKey: ['recordings'] })
      close()
    },
  })
  const isShort = reason.trim().length < REASON_MIN
  return (
    <Modal open title={t(on ? 'recording.hold.set' : 'recording.hold.release')} okText={t('frame.save')} cancelText={t('frame.cancel')} okButtonProps={{ disabled: isShort, loading: save.isPending }} onOk={() => save.mutate()} onCancel={close} destroyOnHidden>
      <div className="stack" style={{ gap: 12 }}>
        <p>{t(on ? 'recording.hold.setText' : 'recording.hold.releaseText')}</p>
        <Field id="hold-reason" label={t('recording.hold.reason')} required><Input.TextArea id="hold-reason" autoFocus rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
        {save.isError && <Failure error={save.error} />}
      </div>
    </Modal>
  )
}
