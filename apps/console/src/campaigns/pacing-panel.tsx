import { useTranslation } from 'react-i18next'
import type { CampaignPacing, PacingReason } from '@loopline/contracts/pacing'
import { useFormat } from '../words/format'
import '../i18n/pacing-words'
import './pacing.css'

const HOURS_OF_DAYS = 48
/** Near the cap it is amber, above it red. */
const NEAR = 0.85
/** The bar reaches a little beyond the cap, so that what is over it is seen to be. */
const SPAN = 1.3

/** How many are called and why, who is there to talk to them, and how much of the law's budget is left. */
export function PacingPanel({ pacing }: { pacing: CampaignPacing }) {
  const { t } = useTranslation('pacing')
  const { t: word } = useTranslation()
  return (
    <section className="panel pacing" aria-label={t('title')}>
      <p className="why" role="status"><span className="mode">{word(`campaign.mode.${pacing.mode}`)}</span>{pacing.reason ? <Reason reason={pacing.reason} /> : <span className="quiet">{t('waitingForStart')}</span>}</p>
      <div className="parts">
        <Ringing pacing={pacing} />
        <Agents agents={pacing.agents} />
        <Budget budget={pacing.budget} />
      </div>
    </section>
  )
}

function Reason({ reason }: { reason: PacingReason }) {
  const { t } = useTranslation('pacing')
  const { percent, number } = useFormat()
  switch (reason.kind) {
    case 'nobody-free-in-time': return <span>{t('reason.nobody-free-in-time', { risk: percent(reason.risk), riskMax: percent(reason.riskMax) })}</span>
    case 'lines-failing': return <span>{t('reason.lines-failing', { share: percent(reason.share) })}</span>
    case 'ratio': return <span>{t('reason.ratio', { ratio: number(reason.ratio, 1), idle: number(reason.idle) })}</span>
    case 'one-per-idle-agent': return <span>{t('reason.one-per-idle-agent', { idle: number(reason.idle) })}</span>
    case 'kept-for-callbacks': return <span>{t('reason.kept-for-callbacks', { promised: number(reason.promised) })}</span>
    default: return <span>{t(`reason.${reason.kind}`)}</span>
  }
}

function Ringing({ pacing: { ringing, expectedAnswers, waiting } }: { pacing: CampaignPacing }) {
  const { t } = useTranslation('pacing')
  const { number } = useFormat()
  return (
    <div className="part">
      <h3>{t('ringing')}</h3>
      <div className="big">{number(ringing)}{expectedAnswers !== null && <small>{t('expected', { count: number(expectedAnswers, 1) as unknown as number })}</small>}</div>
      {waiting > 0 && <div className="small late">{t('waiting')} {number(waiting)}</div>}
    </div>
  )
}

const STATES = ['idle', 'talking', 'wrapUp', 'paused'] as const
const COLOURS = { idle: 'var(--state-blue)', talking: 'var(--state-jade)', wrapUp: 'var(--state-amber)', paused: 'var(--state-grey)' }
const SIGNS = { idle: '●', talking: '●', wrapUp: '✎', paused: '❚❚' }

function Agents({ agents }: { agents: CampaignPacing['agents'] }) {
  const { t } = useTranslation('pacing')
  const { number } = useFormat()
  const all = STATES.reduce((sum, state) => sum + agents[state], 0)
  return (
    <div className="part wide">
      <h3>{t('agents')} <span className="numbers">{all > 0 && number(all)}</span></h3>
      {all === 0 ? <div className="quiet small">{t('nobody')}</div> : (
        <>
          <div className="crew" aria-hidden>{STATES.map((state) => agents[state] > 0 && <span key={state} style={{ flexGrow: agents[state], background: COLOURS[state] }} />)}</div>
          <ul className="legend">{STATES.map((state) => <li key={state} className={agents[state] === 0 ? 'quiet' : ''}><span aria-hidden className="sign" style={{ color: COLOURS[state] }}>{SIGNS[state]}</span>{t(`agentState.${state}`)} <b className="numbers">{number(agents[state])}</b></li>)}</ul>
        </>
      )}
    </div>
  )
}

function Budget({ budget: { live, abandoned, cap, windowHours } }: { budget: CampaignPacing['budget'] }) {
  const { t } = useTranslation('pacing')
  const { number, percent } = useFormat()
  const share = live > 0 ? abandoned / live : 0
  const used = cap > 0 ? share / cap : Number(share > 0) * SPAN
  const colour = used > 1 ? 'var(--alarm)' : used > NEAR ? 'var(--warn)' : 'var(--accent)'
  const window = windowHours >= HOURS_OF_DAYS ? t('window.days', { count: Math.round(windowHours / 24) }) : t('window.hours', { count: windowHours })
  return (
    <div className="part wide">
      <h3>{t('budget')} <span className="quiet">{window}</span></h3>
      <div className="budget" role="meter" aria-label={t('budget')} aria-valuenow={Math.round(share * 1_000) / 10} aria-valuemin={0} aria-valuemax={Math.round(cap * 1_000) / 10} aria-valuetext={`${percent(share)}, ${t('capAt', { cap: percent(cap) })}`}>
        <span style={{ width: `${Math.min(100, (100 * used) / SPAN)}%`, background: colour }} /><i style={{ left: `${100 / SPAN}%` }} />
      </div>
      <div className="row small"><span>{live === 0 ? <span className="quiet">{t('noAnswer')}</span> : <><b className="numbers" style={{ color: used > NEAR ? colour : undefined }}>{percent(share)}</b> <span className="quiet">{t('spent', { abandoned: number(abandoned), live: number(live) })}</span></>}</span><span className="grow" /><span className="quiet">{t('capAt', { cap: percent(cap) })}</span></div>
    </div>
  )
}
