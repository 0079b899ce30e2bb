import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Failure } from '../parts/failure'
import { useFormat } from '../words/format'
import type { Agent } from './agent-queries'
import { useTrial } from './self-test'
import { useStartTest } from './use-start-test'

type Test = Agent['selfTest']
type Fault = Test['faults'][number]
type Step = 'microphone' | 'path' | 'loss' | 'echo'

/** Which fault spoils which part. */
const SPOILS: Record<Step, readonly Fault[]> = { microphone: ['muted', 'no-packets', 'silent'], path: ['no-path', 'slow'], loss: ['loss', 'jitter'], echo: ['no-echo'] }
const SIGNS = { good: '✓', bad: '✕', unknown: '·' } as const

/** The trial of the telephone part by part: what was found, and what to mend. */
export function SelfTestPanel({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const start = useStartTest()
  const { selfTest, phone } = agent
  const running = selfTest.state === 'running'
  const steps: Step[] = phone === 'desk' ? ['microphone', 'path', 'loss'] : ['microphone', 'path', 'loss', 'echo']
  return (
    <div className="self-test" aria-live="polite">
      {running && <Meter />}
      {selfTest.waived && <p>{t('selfTest.waived', selfTest.waived)}</p>}
      {selfTest.faults.map((fault) => <p key={fault}><strong>{t(`selfTest.fault.${fault}`)}</strong><br /><span className="quiet">{t(`selfTest.fix.${fault}`)}</span></p>)}
      {!running && selfTest.leg && <ul>{steps.map((step) => <Part key={step} step={step} test={selfTest} phone={phone} />)}</ul>}
      {start.isError && <Failure error={start.error} />}
      <Button size="small" loading={running || start.isPending} disabled={agent.call !== null || agent.leg !== 'up'} onClick={() => start.mutate()}>{t(selfTest.leg === null ? 'selfTest.run' : 'selfTest.again')}</Button>
    </div>
  )
}

/** What to do now, and how loud the microphone is. */
export function Meter() {
  const { t } = useTranslation()
  const { phase, level } = useTrial()
  return (
    <span className="row meter">
      <span role="status">{t(`selfTest.phase.${phase}`)}</span>
      <meter min={0} max={1} value={level} aria-label={t('selfTest.level')} />
    </span>
  )
}

function Part({ step, test, phone }: { step: Step; test: Test; phone: Agent['phone'] }) {
  const { t } = useTranslation()
  const figures = useFigures(step, test, phone)
  const state = SPOILS[step].some((fault) => test.faults.includes(fault)) ? 'bad' : figures === null ? 'unknown' : 'good'
  return (
    <li data-state={state}>
      <span className="sign" role="img" aria-label={t(`selfTest.stepState.${state}`)}>{SIGNS[state]}</span> {t(`selfTest.step.${step}`)} <span className="quiet numbers">{figures}</span>
    </li>
  )
}

/** What was measured of a part; null when nothing was. */
function useFigures(step: Step, { leg, page }: Test, phone: Agent['phone']): string | null {
  const { t } = useTranslation()
  const format = useFormat()
  if (leg === null || leg.isInterrupted) return null
  const figure = (value: number | null): string => (value === null ? '–' : format.number(Math.round(value)))
  switch (step) {
    case 'microphone': return t('selfTest.figure.level', { level: figure(leg.levelDbfs) })
    case 'loss': return t('selfTest.figure.loss', { loss: format.percent(Math.max(leg.loss, page?.echo.loss ?? 0)), jitter: figure(Math.max(leg.jitterMs, page?.echo.jitterMs ?? 0)) })
    case 'echo': return page && t('selfTest.figure.echo', { packets: format.number(page.echo.packetsReceived) })
    case 'path':
      if (phone === 'desk') return t('selfTest.figure.direct', { roundTrip: figure(leg.roundTripMs) })
      return page?.path ? t('selfTest.figure.path', { kind: t(`selfTest.candidate.${page.path.kind}`), protocol: page.path.protocol.toUpperCase(), roundTrip: figure(page.path.roundTripMs ?? leg.roundTripMs) }) : null
  }
}
