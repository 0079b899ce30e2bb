import { DownloadOutlined, PauseCircleFilled, PlayCircleFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useRef, useState, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordingView } from '@loopline/contracts/recording'
import { clockFace } from '../phone/use-clock'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { LegalHold } from './legal-hold'
import { recordingQuery } from './recording-queries'
import { reasonOfRecording } from './recording-words'
import './recording.css'

/** Why the call was or was not recorded, and for whom it is allowed, how it sounded. */
export function Recording({ attemptId }: { attemptId: string }) {
  const { t } = useTranslation()
  const may = useMay('recording:listen')
  const { data } = useQuery({ ...recordingQuery(attemptId), enabled: may })
  if (!may || !data) return null
  return (
    <section>
      <h3 className="small quiet">{t('recording.title')}</h3>
      <Kept recording={data} />
    </section>
  )
}

/** What there is of it: the sound, or why there is none. */
function Kept({ recording }: { recording: RecordingView }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { attemptId, state, because, gaps, findings, deletedAt, verifiedAt } = recording
  const reason = reasonOfRecording(t, because)
  if (state === 'not-recorded') return <p>{t('recording.notRecorded', { reason })}</p>
  if (state === 'recording') return <p>{t('recording.running')}</p>
  if (state === 'deleted') return <p>{deletedAt ? t('recording.deleted', { day: format.instant(deletedAt) }) : t('recording.deleting')}</p>
  const paused = gaps.filter(({ why }) => why === 'paused')
  return (
    <>
      <Player attemptId={attemptId} recording={recording} />
      <p className="quiet small">
        {t('recording.recorded', { reason })}{state === 'incomplete' && <strong style={{ color: 'var(--warn)' }}> · {t('recording.incomplete')}</strong>} · {t('recording.audited')}
        {paused.length > 0 && <> · {t('recording.pausedFor', { count: paused.length, seconds: format.seconds(paused.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)) })}</>}
        {verifiedAt && findings.length === 0 && <> · ✓ {t('recording.verified', { at: format.instant(verifiedAt) })}</>}
      </p>
      {findings.length > 0 && <p role="alert" className="small" style={{ color: 'var(--alarm)' }}>▲ {t('recording.damaged')} {findings.slice(0, 5).map(({ kind, number }) => t(`recording.finding.${kind}`, { number: (number ?? 0) + 1 })).join(' · ')}</p>}
      <LegalHold recording={recording} />
    </>
  )
}

const SPEEDS = [1, 1.25, 1.5, 2] as const

function Player({ attemptId, recording }: { attemptId: string; recording: RecordingView }) {
  const { t } = useTranslation()
  const audio = useRef<HTMLAudioElement>(null)
  const [playing, setPlaying] = useState(false)
  const [at, setAt] = useState(0)
  const [speed, setSpeed] = useState<number>(1)
  const seconds = recording.durationMs / 1_000
  const source = `/api/dialer/recordings/${attemptId}/audio.wav`
  const toggle = (): void => {
    const element = audio.current
    if (!element) return
    element.playbackRate = speed
    if (element.paused) void element.play()
    else element.pause()
  }
  const jump = (share: number): void => {
    if (audio.current) audio.current.currentTime = share * seconds
    setAt(share * seconds)
  }
  return (
    <div className="player">
      {/* Nothing is fetched before somebody presses play: listening is audited. */}
      <audio ref={audio} src={source} preload="none" onPlay={() => setPlaying(true)} onPause={() => setPlaying(false)} onEnded={() => setPlaying(false)} onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)} />
      <div className="row">
        <Button type="text" shape="circle" size="large" icon={playing ? <PauseCircleFilled /> : <PlayCircleFilled />} aria-label={t(playing ? 'recording.pause' : 'recording.play')} onClick={toggle} />
        <span className="numbers grow">{clockFace(Math.floor(at))} <span className="quiet">/ {clockFace(Math.round(seconds))}</span></span>
        <Segmented size="small" aria-label={t('recording.speed')} value={speed} options={SPEEDS.map((value) => ({ value, label: `${value}×` }))} onChange={(next) => {
          setSpeed(next)
          if (audio.current) audio.current.playbackRate = next
        }} />
        <Button size="small" type="text" icon={<DownloadOutlined />} href={`${source}?download=1`} aria-label={t('recording.download')} title={t('recording.download')} />
      </div>
      <Waveform recording={recording} share={seconds === 0 ? 0 : at / seconds} jump={jump} />
    </div>
  )
}

function Waveform({ recording: { peaks, gaps, durationMs }, share, jump }: { recording: RecordingView; share: number; jump: (share: number) => void }) {
  const { t } = useTranslation()
  const onPointer = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    jump(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)))
  }
  return (
    <div className="waveform" role="slider" tabIndex={0} aria-label={t('recording.waveform')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} onPointerDown={onPointer}
      onKeyDown={({ key }) => { if (key === 'ArrowRight' || key === 'ArrowLeft') jump(Math.min(1, Math.max(0, share + (key === 'ArrowRight' ? 0.02 : -0.02)))) }}>
      {(['customer', 'seller'] as const).map((who) => (
        <div key={who} className="channel" data-who={who}>
          <span className="small quiet">{t(`recording.${who}`)}</span>
          <svg viewBox={`0 0 ${Math.max(1, peaks[who].length)} 2`} preserveAspectRatio="none" aria-hidden>
            {peaks[who].map((peak, bar) => <rect key={bar} x={bar} width={0.7} y={1 - Math.max(0.02, peak)} height={2 * Math.max(0.02, peak)} className={bar / peaks[who].length < share ? 'heard' : ''} />)}
          </svg>
        </div>
      ))}
      {gaps.map(({ fromMs, toMs, why }) => <i key={fromMs} className="gap" data-why={why} title={t(`recording.gap.${why}`)} style={{ left: `${(fromMs / durationMs) * 100}%`, width: `${((toMs - fromMs) / durationMs) * 100}%` }} />)}
      <i className="needle" style={{ left: `${share * 100}%` }} />
    </div>
  )
}
