import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportView } from '@loopline/contracts/import'
import { useThrottled } from '../api/live-queries'
import { useLive } from '../api/live'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { Page } from '../parts/page'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { errorFileOf, importQuery } from './import-queries'
import './import.css'

/** Rows written are told by push; the end of an import that wrote none is not, so a silent one is asked after this long. */
const SILENCE_MS = 2_000

/** An import while it runs and after. */
export function ImportProgressPage() {
  const { t } = useTranslation()
  const { importId } = useParams({ from: '/frame/customers/import/$importId' })
  const { data, error, dataUpdatedAt } = useQuery({ ...importQuery(importId), refetchInterval: ({ state }) => (isRunning(state.data) ? SILENCE_MS : false) })
  const running = isRunning(data)
  const refresh = useThrottled(() => void queryClient.invalidateQueries({ queryKey: ['import', importId] }), 700)
  useLive((message) => { if (message.topic === 'resync') refresh() })
  return (
    <Page title={data ? `${t('import.progress.title')} · ${data.fileName}` : t('import.progress.title')} width="narrow" back={{ to: '/customers', word: t('customer.record.back') }}>
      {error ? <Failure error={error} /> : data ? <State view={data} running={running} readAt={dataUpdatedAt} /> : <Slow><Bones lines={4} /></Slow>}
    </Page>
  )
}

const isRunning = (view: ImportView | undefined): boolean => view?.state === 'running' || view?.state === 'queued'

function State({ view, running, readAt }: { view: ImportView; running: boolean; readAt: number }) {
  const { t } = useTranslation()
  const format = useFormat()
  const share = view.state === 'done' ? 1 : view.rowsTotalEstimate ? Math.min(0.99, view.rowsRead / view.rowsTotalEstimate) : 0
  const seconds = view.startedAt ? ((view.endedAt ? Date.parse(view.endedAt) : readAt) - Date.parse(view.startedAt)) / 1_000 : 0
  const perSecond = seconds > 0.5 ? view.rowsRead / seconds : 0
  const left = perSecond > 0 && view.rowsTotalEstimate ? Math.max(0, view.rowsTotalEstimate - view.rowsRead) / perSecond : null
  const tally = [['rows', view.rowsRead], ['created', view.created], ['updated', view.updated], ['skipped', view.skipped], ['failedRows', view.failed], ['notCallable', view.notCallable]] as const
  return (
    <section className="panel"><div className="inside stack" style={{ padding: 24 }}>
      <div className="row" role="status"><strong style={{ fontWeight: 600 }}>{t(`import.progress.${view.state}`)}</strong><span className="grow" />
        <span className="quiet numbers">{[perSecond > 0 ? t('import.progress.perSecond', { count: Math.round(perSecond) }) : null, running && left !== null ? t('import.progress.remaining', { time: format.span(left) }) : null].filter(Boolean).join(' · ')}</span></div>
      <Progress percent={Math.round(share * 100)} status={view.state === 'failed' ? 'exception' : view.state === 'done' ? 'success' : 'active'} aria-label={t('import.progress.title')} />
      <dl className="tally">{tally.map(([word, count]) => <div key={word}><dt>{t(`import.progress.${word}`)}</dt><dd>{format.number(count)}</dd></div>)}</dl>
      {view.failure && <p role="alert" style={{ color: 'var(--alarm)' }}>{view.failure}</p>}
      {running && <p className="quiet">{t('import.progress.leave')}</p>}
      <div className="row">
        {view.errorFile && <Button icon={<DownloadOutlined />} href={errorFileOf(view.importId)} download>{t('import.progress.errorFile')}</Button>}
        <span className="grow" />
        {!running && <LinkButton to="/customers/import">{t('import.progress.again')}</LinkButton>}
        {!running && <LinkButton to="/customers" search={{ sort: 'created' }} primary>{t('import.progress.toList')}</LinkButton>}
      </div>
    </div></section>
  )
}
