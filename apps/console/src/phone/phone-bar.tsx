import { AudioMutedOutlined, AudioOutlined, CaretDownOutlined, PauseOutlined, PhoneOutlined, PlayCircleOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Dropdown, Popover } from 'antd'
import { useEffect, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { PAUSE_REASONS } from '@loopline/contracts/agent'
import { campaignListQuery } from '../campaigns/campaign-queries'
import { AgentStateSign } from '../parts/state-sign'
import { useMay } from '../session/me'
import { PAGE_ID, phoneSettings, useAgent, useChangeState, useQuality, useQualityFeed, useSignOn, useTalk, type Agent } from './agent-queries'
import { Keypad } from './keypad'
import { QualityMark } from './quality-mark'
import { softphone, type PhoneStatus } from './softphone'
import { idleWord, pauseWord } from './state-words'
import { clockFace, useSecondsSince } from './use-clock'
import './phone.css'

const ON_CALL = new Set<Agent['state']>(['reserved', 'ringing', 'talking', 'on-hold'])

/** The telephone, always in view for whoever has one: my state, who is on the line, what I can do now. */
export function PhoneBar() {
  const mayAct = useMay('agent:self')
  const agent = useAgent()
  const phone = useSyncExternalStore(softphone.subscribe, softphone.status)
  useQualityFeed()
  useLegOfThisPage(agent)
  useScreenPop(agent)
  if (!mayAct || agent === undefined) return null
  if (agent === null || agent.state === 'offline') return <SignOnButton />
  return (
    <section className="phone-bar" aria-label="phone">
      <StateMenu agent={agent} />
      <Leg agent={agent} phone={phone} />
      {agent.call && <OnTheLine agent={agent} phone={phone} />}
    </section>
  )
}

/** A page that was reloaded, or that is the newest, holds the telephone; one that was taken over lets go of it. */
function useLegOfThisPage(agent: Agent | null | undefined): void {
  const mine = agent?.phone === 'browser' && agent.state !== 'offline' && agent.pageId === PAGE_ID
  useEffect(() => {
    if (mine) void phoneSettings().then((settings) => softphone.start(settings)).catch(() => undefined) // the bar says what is missing
    else softphone.stop()
  }, [mine])
}

/** Who is about to talk is on the screen before the voice: once a call, unless the person looks at it already. */
function useScreenPop(agent: Agent | null | undefined): void {
  const navigate = useNavigate()
  const attemptId = agent?.call?.attemptId ?? null
  useEffect(() => {
    if (attemptId !== null) void navigate({ to: '/workbench' })
  }, [attemptId, navigate])
}

function SignOnButton() {
  const { t } = useTranslation()
  const signOn = useSignOn()
  const campaigns = useQuery(campaignListQuery)
  const withAgents = campaigns.data?.items.filter(({ mode, state }) => mode !== 'agentless' && state !== 'stopped' && state !== 'finished') ?? []
  return (
    <Button type="primary" size="small" icon={<PhoneOutlined />} loading={signOn.isPending} onClick={() => signOn.mutate({ phone: 'browser', campaignIds: withAgents.map(({ campaignId }) => campaignId) })}>{t('phone.signOn')}</Button>
  )
}

function StateMenu({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const change = useChangeState()
  const seconds = useSecondsSince(agent.since)
  const busy = ON_CALL.has(agent.state)
  const items = [
    ...(agent.state === 'ready' || busy ? [] : [{ key: 'ready', label: t('phone.toReady'), onClick: () => change.mutate({ state: 'ready' }) }]),
    ...PAUSE_REASONS.map((reason) => ({ key: reason, label: t('phone.pauseFor', { reason: t(`pause.${reason}`) }), onClick: () => change.mutate({ state: 'paused', reason }) })),
    { type: 'divider' as const },
    { key: 'offline', label: t('phone.signOff'), disabled: busy, onClick: () => change.mutate({ state: 'offline' }) },
  ]
  return (
    <div className="row" style={{ gap: 6 }}>
      <Dropdown trigger={['click']} menu={{ items }}>
        <button type="button" className="plain chip my-state" data-state={agent.state}>
          <AgentStateSign state={agent.state} />
          {agent.state === 'paused' && agent.reason && <span>· {pauseWord(t, agent.reason)}</span>}
          {seconds !== null && <span className="numbers">{clockFace(seconds)}</span>}
          <CaretDownOutlined aria-hidden style={{ fontSize: 10 }} />
        </button>
      </Dropdown>
      {agent.state === 'paused' && <Button type="primary" size="small" loading={change.isPending} disabled={agent.leg !== 'up'} onClick={() => change.mutate({ state: 'ready' })}>{t('phone.ready')}</Button>}
      {agent.state === 'ready' && agent.reason && <span className="quiet small">{idleWord(t, agent.reason)}</span>}
    </div>
  )
}

/** Whether I can hear and be heard, and if not, what to do about it. */
function Leg({ agent, phone }: { agent: Agent; phone: PhoneStatus }) {
  const { t } = useTranslation()
  if (agent.phone === 'browser' && agent.pageId !== PAGE_ID) return <TakeOver agent={agent} />
  if (phone.problem) return <span role="alert" className="chip lost">{t(`phone.problem.${phone.problem}`)}</span>
  if (agent.leg !== 'up') return <span className="chip">{t(phone.leg === 'microphone' ? 'phone.askingMicrophone' : 'phone.connecting')}</span>
  return null
}

function TakeOver({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const signOn = useSignOn()
  return <Button size="small" loading={signOn.isPending} onClick={() => signOn.mutate({ phone: 'browser', campaignIds: agent.campaignIds })}>{t('phone.takeOver')}</Button>
}

function OnTheLine({ agent, phone }: { agent: Agent; phone: PhoneStatus }) {
  const { t } = useTranslation()
  const talk = useTalk()
  const { call } = agent
  const seconds = useSecondsSince(call?.connectedAt ?? call?.startedAt ?? null)
  const quality = useQuality(call?.attemptId ?? null)
  if (!call || call.phase === 'preview') return null
  const { attemptId } = call
  const up = call.phase === 'talking' || call.phase === 'on-hold'
  const held = call.phase === 'on-hold'
  return (
    <div className="row on-the-line">
      <Link to="/workbench" className="cut who">{call.customerName}</Link>
      <span className="numbers quiet">{call.phase === 'ended' ? t('phone.callEnded') : seconds !== null && clockFace(seconds)}</span>
      {quality && up && <QualityMark quality={quality} />}
      {call.recording === 'on' && <span className="small" style={{ color: 'var(--alarm)' }}><span aria-hidden>●</span> {t('phone.recording')}</span>}
      {up && <>
        <Button size="small" type={phone.muted ? 'primary' : 'text'} aria-pressed={phone.muted} icon={phone.muted ? <AudioMutedOutlined /> : <AudioOutlined />} title={t('phone.mute')} aria-label={t('phone.mute')} onClick={() => softphone.mute(!phone.muted)} />
        <Button size="small" type={held ? 'primary' : 'text'} aria-pressed={held} icon={held ? <PlayCircleOutlined /> : <PauseOutlined />} title={t(held ? 'phone.resume' : 'phone.hold')} aria-label={t(held ? 'phone.resume' : 'phone.hold')} loading={talk.isPending} onClick={() => talk.mutate({ attemptId, do: held ? 'resume' : 'hold' })} />
        <Popover trigger="click" placement="bottom" content={<Keypad press={(digits) => talk.mutate({ attemptId, do: 'digits', digits })} />}>
          <Button size="small" type="text" aria-label={t('phone.keypad')} title={t('phone.keypad')}>⌗</Button>
        </Popover>
      </>}
      {call.phase !== 'ended' && <Button size="small" danger type="primary" icon={<PhoneOutlined rotate={135} />} onClick={() => talk.mutate({ attemptId, do: 'hang-up' })}>{t('phone.hangUp')}</Button>}
    </div>
  )
}
