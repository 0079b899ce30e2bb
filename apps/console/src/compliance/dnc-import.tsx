import { InboxOutlined } from '@ant-design/icons'
import { Button, Input, Progress, Radio, Upload } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DncImportView } from '@loopline/contracts/dnc'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { useFormat } from '../words/format'
import { dncListsQuery, errorsAddress, sendNumbers, type DncList } from './dnc-queries'

/** A file of numbers into a list. It is read by the browser piece by piece: a pause or a broken line loses nothing. */
export function DncImport({ list }: { list: DncList }) {
  const { t } = useTranslation('compliance')
  const [file, setFile] = useState<File | null>(null)
  const isRegistry = list.kind === 'registry'
  const [mode, setMode] = useState<'add' | 'replace'>(isRegistry ? 'replace' : 'add')
  const [copiedOn, setCopiedOn] = useState(() => new Date().toISOString().slice(0, 10))
  const [callingCode, setCallingCode] = useState('')
  const [started, setStarted] = useState<DncImportView | null>(null)
  const [error, setError] = useState<unknown>(null)
  const start = async (): Promise<void> => {
    if (!file) return
    setError(null)
    try {
      setStarted(await answer(api.POST('/api/dialer/dnc/lists/{listId}/imports', {
        params: { path: { listId: list.listId } }, body: { fileName: file.name, mode, copiedOn: isRegistry ? copiedOn : null, callingCode: callingCode.trim() === '' ? null : callingCode.trim() },
      })))
    } catch (refused) {
      setError(refused)
    }
  }
  if (file && started) return <Running file={file} begun={started} another={() => { setFile(null); setStarted(null) }} />
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); void start() }}>
      <Upload.Dragger accept=".csv,.txt,text/csv,text/plain" multiple={false} showUploadList={false} beforeUpload={(chosen: File) => { setFile(chosen); return false }} style={{ padding: 16 }}>
        <p style={{ fontSize: 26, color: 'var(--accent)' }}><InboxOutlined /></p>
        <p style={{ fontWeight: 550 }}>{file?.name ?? t('dnc.drop')}</p>
        <p className="quiet small">{t('dnc.dropHint')}</p>
      </Upload.Dragger>
      {isRegistry && <Radio.Group aria-label={t('dnc.import')} value={mode} onChange={(event) => setMode(event.target.value as 'add')} options={(['replace', 'add'] as const).map((value) => ({ value, label: t(`dnc.mode.${value}`) }))} />}
      {isRegistry && <Field id="copied-on" label={t('dnc.day')} required><Input id="copied-on" type="date" style={{ width: 180 }} value={copiedOn} onChange={(event) => setCopiedOn(event.target.value)} /></Field>}
      <Field id="calling-code" label={t('dnc.code')} hint={t('dnc.codeHint')}><Input id="calling-code" inputMode="numeric" maxLength={3} style={{ width: 100 }} value={callingCode} onChange={(event) => setCallingCode(event.target.value.replaceAll(/\D/g, ''))} /></Field>
      {error !== null && <Failure error={error} />}
      <Button type="primary" htmlType="submit" disabled={!file || (isRegistry && copiedOn === '')}>{t('dnc.start')}</Button>
    </form>
  )
}

/** How far it came, and how fast the last pieces were. */
interface Course {
  view: DncImportView
  perSecond: number
}

/** Smoothed over a few pieces: one may wait behind a call. */
function speedOf({ view, perSecond }: Course, next: DncImportView, tookMs: number): number {
  const now = (next.rows - view.rows) / Math.max(0.01, tookMs / 1_000)
  return perSecond === 0 ? now : perSecond * 0.7 + now * 0.3
}

function Running({ file, begun, another }: { file: File; begun: DncImportView; another: () => void }) {
  const { t } = useTranslation('compliance')
  const format = useFormat()
  const [{ view, perSecond }, setCourse] = useState<Course>({ view: begun, perSecond: 0 })
  const [error, setError] = useState<unknown>(null)
  const [isSending, setIsSending] = useState(true)
  const offset = useRef(begun.offset)
  useEffect(() => {
    if (!isSending) return
    const stop = new AbortController()
    let at = performance.now()
    sendNumbers({ file, importId: begun.importId, offset: offset.current }, (next) => {
      offset.current = next.offset
      const tookMs = performance.now() - at
      at = performance.now()
      setCourse((before) => ({ view: next, perSecond: speedOf(before, next, tookMs) }))
    }, stop.signal)
      .then(() => queryClient.invalidateQueries({ queryKey: dncListsQuery.queryKey }))
      .catch((failure: unknown) => { if (!stop.signal.aborted) { setError(failure); setIsSending(false) } })
    return () => stop.abort()
  }, [file, begun.importId, isSending])
  const isDone = view.state === 'done'
  const share = file.size === 0 ? 1 : view.offset / file.size
  const bytesPerRow = view.rows > 0 ? view.offset / view.rows : 0
  const secondsLeft = perSecond > 0 && bytesPerRow > 0 ? (file.size - view.offset) / bytesPerRow / perSecond : null
  return (
    <div className="stack" aria-live="polite">
      <strong className="cut">{file.name}</strong>
      <Progress percent={Math.round(share * 100)} status={isDone ? 'success' : error === null ? 'active' : 'exception'} />
      {isDone
        ? <p>{t('dnc.done', { added: format.number(view.added), known: format.number(view.known), invalid: format.number(view.invalid) })}</p>
        : <p className="numbers">{t('dnc.progress', { rows: format.number(view.rows) })} · {t('dnc.perSecond', { count: Math.round(perSecond) })}{secondsLeft !== null && isSending && <span className="quiet"> · {t('dnc.left', { time: format.span(Math.ceil(secondsLeft)) })}</span>}</p>}
      {error !== null && <><Failure error={error} /><p className="quiet small">{t('dnc.resume')}</p></>}
      <div className="row">
        {!isDone && <Button onClick={() => { setError(null); setIsSending(!isSending) }}>{t(isSending ? 'dnc.stop' : 'dnc.goOn')}</Button>}
        {view.invalid > 0 && <a href={errorsAddress(view.importId)} download>{t('dnc.errors')}</a>}
        {isDone && <Button onClick={another}>{t('dnc.another')}</Button>}
      </div>
    </div>
  )
}
