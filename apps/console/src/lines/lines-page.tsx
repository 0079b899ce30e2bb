import { EditOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LineView } from '@loopline/contracts/line'
import { useStaleOnPush } from '../api/live-queries'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { Page } from '../parts/page'
import { Bones, Slow } from '../parts/slow'
import { LineStateSign } from '../parts/state-sign'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { LineForm } from './line-form'
import { LineHealth } from './line-health'
import { linesQuery } from './line-queries'
import { ProbeButton } from './probe-button'
import './lines.css'

/** The lines: state, load, and how well they reach people. */
export function LinesPage() {
  const { t } = useTranslation()
  const mayEdit = useMay('line:edit')
  const { data, error, isPending, refetch } = useQuery(linesQuery)
  const [edited, setEdited] = useState<LineView | 'new' | null>(null)
  // Lines have no topic of their own; a campaign's progress tells that something went over them.
  useStaleOnPush(linesQuery.queryKey, (message) => message.topic === 'campaign', 2_000)
  const add = mayEdit && <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>{t('line.new')}</Button>
  return (
    <Page title={t('line.title')} actions={<><LinkButton to="/lines/numbers">{t('line.pool')}</LinkButton>{add}</>}>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {isPending && <Slow><Bones /></Slow>}
      {data?.length === 0 && <Empty title={t('line.empty')} text={t('line.emptyText')}>{add}</Empty>}
      {data && <div className="cards">{data.map((line) => <Card key={line.lineId} line={line} edit={mayEdit ? () => setEdited(line) : null} />)}</div>}
      <Drawer open={edited !== null} onClose={() => setEdited(null)} size={480} title={t(edited === 'new' ? 'line.new' : 'line.edit')} destroyOnHidden>
        {edited !== null && <LineForm line={edited === 'new' ? null : edited} done={() => setEdited(null)} />}
      </Drawer>
    </Page>
  )
}

function Card({ line, edit }: { line: LineView; edit: (() => void) | null }) {
  const { t } = useTranslation()
  const { t: word } = useTranslation('line')
  const format = useFormat()
  return (
    <article className={`card ${line.enabled ? '' : 'off'}`}>
      <div className="row"><h2 className="cut">{line.name}</h2><span className="tag">{t(`lineType.${line.type}`)}</span>{line.sandbox && <span className="tag">{t('line.sandbox')}</span>}<span className="grow" />
        {edit && <Button type="text" size="small" icon={<EditOutlined />} aria-label={`${t('line.edit')}: ${line.name}`} onClick={edit} />}</div>
      <div><LineStateSign state={line.state} />{!line.enabled && <span className="quiet"> · {t('line.disabled')}</span>}{line.stateReason && <StateReason reason={line.stateReason} />}</div>
      <div>
        <div className="row small quiet"><span className="grow">{t('line.inUse')}</span><span className="numbers">{format.number(line.inUse)} / {format.number(line.maxConcurrent)}</span></div>
        <div className="meter" role="meter" aria-label={t('line.inUse')} aria-valuemin={0} aria-valuemax={line.maxConcurrent} aria-valuenow={line.inUse}><span style={{ width: `${Math.min(100, (line.inUse / line.maxConcurrent) * 100)}%` }} /></div>
      </div>
      <dl>
        <div><dt>{t('line.rate')}</dt><dd>{line.connectRateLastHour === null ? <span className="quiet">{t('line.noCalls')}</span> : format.percent(line.connectRateLastHour)}</dd></div>
        <div><dt>{t('line.attempts')}</dt><dd>{format.number(line.attemptsLastHour)}</dd></div>
        <div><dt>{t('line.sound')}</dt><dd><Sound sound={line.soundLastHour} /></dd></div>
        <div><dt>{word('cost')}</dt><dd><Cost line={line} /></dd></div>
      </dl>
      <LineHealth lineId={line.lineId} name={line.name} />
      {edit && <ProbeButton line={line} />}
      <div className="quiet small cut" title={line.remote}>{line.remote} · {t('line.perSecond', { count: line.maxPerSecond })} · {t('line.callerIds', { count: line.callerIds.length })} · {line.mayCall.join(' ') || word('anywhere')}</div>
    </article>
  )
}

/** A reason is a code and, after a colon, its figure; one that has no words yet is shown as it came. */
function StateReason({ reason }: { reason: string }) {
  const { t } = useTranslation()
  const { t: ofLine, i18n } = useTranslation('line')
  const [code = reason, figure] = reason.split(': ', 2)
  const word = i18n.exists(`reason.${code}`, { ns: 'line' }) ? ofLine(`reason.${code}` as 'reason.registering') : t(`lineReason.${code}` as 'lineReason.half-open', { defaultValue: code })
  return <div className="quiet small">{figure === undefined ? word : t('line.reasonAndFigure', { word, figure })}</div>
}

/** What the last hour's calls cost, and by which tariff the next ones pay. */
function Cost({ line: { tariff, costLastHour } }: { line: LineView }) {
  const { t } = useTranslation('line')
  const format = useFormat()
  if (tariff === null) return <span className="quiet">{t('unknownCost')}</span>
  const price = (amount: number): string => `${format.number(amount, 4)} ${tariff.currency}`
  return <span title={t('tariffOf', { price: price(tariff.perMinute), first: tariff.firstSeconds, step: tariff.stepSeconds })}>{price(costLastHour ?? 0)}</span>
}

/** How what comes from the line sounds, over its calls with voice. */
function Sound({ sound }: { sound: LineView['soundLastHour'] }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (sound === null || sound.mos === null || sound.loss === null) return <span className="quiet">{t('line.noSound')}</span>
  const whole = (ms: number | null): string => (ms === null ? '–' : format.number(Math.round(ms)))
  return <span title={t('line.soundHelp', { count: sound.calls, jitter: whole(sound.jitterMs), roundTrip: whole(sound.roundTripMs) })}>{t('line.soundOf', { mos: sound.mos.toFixed(1), loss: format.percent(sound.loss) })}</span>
}
