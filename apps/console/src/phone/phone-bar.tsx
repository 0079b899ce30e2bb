import { AppstoreOutlined, AudioMutedOutlined, AudioOutlined, CaretDownOutlined, PauseOutlined, PhoneOutlined, PlayCircleOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Dropdown, Popover } from 'antd'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { PAUSE_REASONS } from '@loopline/contracts/agent'
import { campaignListQuery } from '../campaigns/campaign-queries'
import { titlePhone } from '../frame/tab-title'
import { useCallerName } from '../inbound/caller-name'
import { IncomingOnBar } from '../inbound/incoming-on-bar'
import { AgentStateSign } from '../parts/state-sign'
import { useMay, useMe } from '../session/me'
import { AGENT_LOOKS } from '../theme/states'
import { AskedOnBar } from '../transfer/asked-on-bar'
import { PhoneStrip } from '../transfer/phone-strip'
import { TransferButton } from '../transfer/transfer-button'
import { PAGE_ID, phoneSettings, useAgent, useChangeState, useQuality, useQualityFeed, useSignOn, useTalk, type Agent } from './agent-queries'
import { InsecurePage, isInsecurePage } from './insecure-page'
import { Keypad } from './keypad'
import { QualityMark } from './quality-mark'
import { deskPhoneQuery } from './desk-phone-queries'
import { phone, type PhoneStatus } from './phone'
import { useSelfTest } from './self-test'
import { SelfTestChip } from './self-test-chip'
import { useStartTest } from './use-start-test'
import { soundNewCall } from './new-call-tone'
import { idleWord, pauseWord } from './state-words'
import { clockFace, useSecondsSince } from './use-clock'
import './phone.css'

const ON_CALL = new Set<Agent['state']>(['reserved', 'ringing', 'talking', 'on-hold'])

/** The telephone, always in view for whoever has one: my state, who is on the line, what I can do now. */
export function PhoneBar() {
  const mayAct = useMay('agent:self')
  const { t } = useTranslation()
  const agent = useAgent()
  const status = useSyncExternalStore(phone.subscribe, phone.status)
  useQualityFeed()
  useLegOfThisPage(agent)
  useSelfTest(agent, status)
  useScreenPop(agent)
  useTold(agent)
  if (!mayAct || agent === undefined) return null
  if (agent === null || agent.state === 'offline') return isInsecurePage() ? <SignOnWithoutMicrophone /> : <SignOnButton />
  return (
    <section className="phone-bar" aria-label={t('phone.title')}>
      <StateMenu agent={agent} />
      <Leg agent={agent} status={status} />
      <SelfTestChip agent={agent} />
      {agent.call?.phase === 'incoming' ? <IncomingOnBar agent={agent} call={agent.call} /> : agent.call?.phase === 'asked' ? <AskedOnBar agent={agent} call={agent.call} /> : agent.call && <OnTheLine agent={agent} status={status} />}
      <PhoneStrip agent={agent} />
    </section>
  )
}

/** A page that was reloaded, or that is the newest, holds the telephone; one that was taken over lets go of it. */
function useLegOfThisPage(agent: Agent | null | undefined): void {
  const mine = agent?.phone === 'browser' && agent.state !== 'offline' && agent.pageId === PAGE_ID
  useEffect(() => {
    if (mine) void phone.start(phoneSettings()).catch(() => undefined) // the bar says what is missing
    else phone.stop()
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

/** The state in the browser's tab, and a soft tone when a customer is about to be heard or looked at. */
function useTold(agent: Agent | null | undefined): void {
  const { t } = useTranslation()
  const name = useCallerName()
  const said = !agent || agent.state === 'offline' ? null : `${AGENT_LOOKS[agent.state].sign} ${t(`agentState.${agent.state}`)}${agent.call ? ` ${name(agent.call)}` : ''}`
  useEffect(() => {
    titlePhone(said)
    return () => titlePhone(null)
  }, [said])
  const arrived = agent?.pageId === PAGE_ID && agent.call && (agent.call.phase === 'preview' || agent.call.phase === 'incoming' || agent.call.phase === 'talking') ? `${agent.call.attemptId} ${agent.call.phase}` : null
  const sounded = useRef(arrived)
  useEffect(() => {
    if (arrived === null || sounded.current === arrived) return
    sounded.current = arrived
    soundNewCall()
  }, [arrived])
}

/** A page that gets no microphone says so; the desk telephone of whoever has one needs none. */
function SignOnWithoutMicrophone() {
  const hasDesk = useHasDeskPhone()
  return <span className="row" style={{ gap: 6 }}><InsecurePage />{hasDesk && <SignOnButton />}</span>
}

function SignOnButton() {
  const { t } = useTranslation()
  const signOn = useSignOn()
  const campaigns = useQuery(campaignListQuery)
  const withAgents = campaigns.data?.items.filter(({ mode, state }) => mode !== 'agentless' && state !== 'stopped' && state !== 'finished') ?? []
  const hasDesk = useHasDeskPhone()
  const [last, setLast] = useState<Agent['phone']>(() => (localStorage.getItem(PHONE_KEY) === 'desk' ? 'desk' : 'browser'))
  const begin = (by: Agent['phone']): void => {
    localStorage.setItem(PHONE_KEY, by)
    setLast(by)
    signOn.mutate({ phone: by, campaignIds: withAgents.map(({ campaignId }) => campaignId) })
  }
  const insecure = isInsecurePage()
  const by = insecure ? 'desk' : hasDesk ? last : 'browser'
  const items = (['browser', 'desk'] as const).map((key) => ({ key, label: t(`deskPhone.${key}`), disabled: key === 'desk' ? !hasDesk : insecure, title: key === 'desk' && !hasDesk ? t('deskPhone.noDesk') : key === 'browser' && insecure ? t('phone.insecure.title') : '', onClick: () => begin(key) }))
  return (
    <span className="row" style={{ gap: 2 }}>
      <Button type="primary" size="small" icon={<PhoneOutlined />} loading={signOn.isPending} onClick={() => begin(by)}>{t('phone.signOn')}{hasDesk && ` · ${t(`deskPhone.${by}`)}`}</Button>
      <Dropdown trigger={['click']} menu={{ items }}><Button type="text" size="small" icon={<CaretDownOutlined style={{ fontSize: 10 }} />} aria-label={t('deskPhone.choose')} /></Dropdown>
    </span>
  )
}

/** By what this person spoke last, in this browser. */
const PHONE_KEY = 'phone'

function useHasDeskPhone(): boolean {
  const { userId } = useMe()
  const { data } = useQuery({ ...deskPhoneQuery(userId), enabled: useMay('agent:phone') })
  return data !== undefined && data.phone !== null
}

function StateMenu({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const change = useChangeState()
  const seconds = useSecondsSince(agent.since)
  const start = useStartTest()
  const signOn = useSignOn()
  const hasDesk = useHasDeskPhone()
  const other = agent.phone === 'desk' ? ('browser' as const) : ('desk' as const)
  const busy = ON_CALL.has(agent.state)
  const tested = agent.selfTest.state === 'passed' || agent.selfTest.waived !== null
  const items = [
    ...(agent.state === 'ready' || busy ? [] : [{ key: 'ready', label: t('phone.toReady'), disabled: agent.leg !== 'up' || !tested, onClick: () => change.mutate({ state: 'ready' }) }]),
    ...PAUSE_REASONS.map((reason) => ({ key: reason, label: t('phone.pauseFor', { reason: t(`pause.${reason}`) }), onClick: () => change.mutate({ state: 'paused', reason }) })),
    { type: 'divider' as const },
    ...(agent.phone === 'desk' || hasDesk ? [{ key: 'other', label: t(other === 'desk' ? 'deskPhone.useDesk' : 'deskPhone.useBrowser'), disabled: agent.call !== null, onClick: () => signOn.mutate({ phone: other, campaignIds: agent.campaignIds }) }] : []),
    { key: 'test', label: t('selfTest.again'), disabled: agent.call !== null || agent.leg !== 'up', onClick: () => start.mutate() },
    { key: 'offline', label: t('phone.signOff'), disabled: busy, onClick: () => change.mutate({ state: 'offline' }) },
  ]
  return (
    <div className="row" style={{ gap: 6 }}>
      <Dropdown trigger={['click']} menu={{ items }}>
        <button type="button" className="plain chip my-state" data-state={agent.state}>
          <AgentStateSign state={agent.state} />
          {agent.state === 'paused' && agent.reason && <span className="pause-reason">· {pauseWord(t, agent.reason)}</span>}
          {seconds !== null && <span className="numbers">{clockFace(seconds)}</span>}
          <CaretDownOutlined aria-hidden style={{ fontSize: 10 }} />
        </button>
      </Dropdown>
      {agent.state === 'paused' && <Button type="primary" size="small" loading={change.isPending} disabled={agent.leg !== 'up' || !tested} title={tested ? undefined : t('selfTest.due')} onClick={() => change.mutate({ state: 'ready' })}>{t('phone.ready')}</Button>}
      {agent.said && <span className="small said cut" title={agent.said}>“{agent.said}”</span>}
      {agent.state === 'ready' && agent.reason && <span className="quiet small">{idleWord(t, agent.reason)}</span>}
    </div>
  )
}

/** Whether I can hear and be heard, and if not, what to do about it. */
function Leg({ agent, status: { leg, problem } }: { agent: Agent; status: PhoneStatus }) {
  const { t } = useTranslation()
  if (agent.phone === 'browser' && (agent.pageId !== PAGE_ID || problem === 'taken-over')) return <TakeOver agent={agent} />
  if (problem && problem !== 'taken-over') return <span role="alert" className="chip lost">{t(`phone.problem.${problem}`)}</span>
  if (agent.phone === 'desk' && agent.leg !== 'up') return <DeskLeg agent={agent} />
  if (agent.leg !== 'up') return <span className="chip">{t(leg === 'microphone' ? 'phone.askingMicrophone' : 'phone.connecting')}</span>
  return null
}

/** One that was hung up is not rung by itself: its agent says when. */
function DeskLeg({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const signOn = useSignOn()
  if (agent.leg === 'down') return <span role="alert" className="chip lost">{t('deskPhone.waiting')}</span>
  return (
    <span className="row">
      <span className="chip">{t('deskPhone.ringing')}</span>
      <Button size="small" loading={signOn.isPending} onClick={() => signOn.mutate({ phone: 'desk', campaignIds: agent.campaignIds })}>{t('deskPhone.callAgain')}</Button>
    </span>
  )
}

function TakeOver({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const signOn = useSignOn()
  // A tab that was duplicated has the same page id: nothing of the session changes, and the phone is started by hand.
  const takeOver = (): void => signOn.mutate({ phone: 'browser', campaignIds: agent.campaignIds }, { onSuccess: () => void phone.start(phoneSettings()).catch(() => undefined) })
  return <Button size="small" loading={signOn.isPending} onClick={takeOver}>{t('phone.takeOver')}</Button>
}

const RECORDING_SIGNS = { on: '● REC', announcing: '◌ REC', paused: '❚❚ REC' } as const

/** Whether it is being recorded; a press pauses it, for a card number, and another goes on. */
function RecordingSign({ recording, pause }: { recording: keyof typeof RECORDING_SIGNS; pause: ((pause: boolean) => void) | null }) {
  const { t } = useTranslation()
  const state = t(`phone.recordingIs.${recording}`)
  if (pause === null) return <span className="rec" data-recording={recording} role="img" title={state} aria-label={`REC · ${state}`}>{RECORDING_SIGNS[recording]}</span>
  const paused = recording === 'paused'
  const act = t(paused ? 'phone.resumeRecording' : 'phone.pauseRecording')
  return <button type="button" className="plain rec" data-recording={recording} aria-pressed={paused} title={`${state} · ${act}`} aria-label={`REC · ${state} · ${act}`} onClick={() => pause(!paused)}>{RECORDING_SIGNS[recording]}</button>
}

function OnTheLine({ agent, status: { muted } }: { agent: Agent; status: PhoneStatus }) {
  const { t } = useTranslation()
  const talk = useTalk()
  const name = useCallerName()
  const { call } = agent
  const seconds = useSecondsSince(call?.connectedAt ?? call?.startedAt ?? null)
  const quality = useQuality(call?.attemptId ?? null)
  if (!call || call.phase === 'preview') return null
  const { attemptId, noAudio, transfer } = call
  const up = call.phase === 'talking' || call.phase === 'on-hold'
  const held = call.phase === 'on-hold'
  return (
    <div className="row on-the-line" data-alarm={noAudio ? '' : undefined}>
      <Link to="/workbench" className="cut who">{name(call)}</Link>
      <span className="numbers quiet">{call.phase === 'ended' ? t('phone.callEnded') : seconds !== null && clockFace(seconds)}</span>
      {quality && up && <QualityMark quality={quality} />}
      {noAudio && <span role="alert" className="chip lost" title={t(`phone.silentHelp.${noAudio}`)}>{t(`phone.silent.${noAudio}`)}</span>}
      {call.recording !== 'off' && <RecordingSign recording={call.recording} pause={up && call.recording !== 'announcing' ? (pause) => talk.mutate({ attemptId, do: pause ? 'pause-recording' : 'resume-recording' }) : null} />}
      {up && <>
        <Button size="small" type={muted ? 'primary' : 'text'} aria-pressed={muted} icon={muted ? <AudioMutedOutlined /> : <AudioOutlined />} title={t('phone.mute')} aria-label={t('phone.mute')} onClick={() => phone.mute(!muted)} />
        {transfer === null && <Button size="small" type={held ? 'primary' : 'text'} aria-pressed={held} icon={held ? <PlayCircleOutlined /> : <PauseOutlined />} title={t(held ? 'phone.resume' : 'phone.hold')} aria-label={t(held ? 'phone.resume' : 'phone.hold')} loading={talk.isPending} onClick={() => talk.mutate({ attemptId, do: held ? 'resume' : 'hold' })} />}
        <Popover trigger="click" placement="bottom" content={<Keypad press={(digits) => talk.mutate({ attemptId, do: 'digits', digits })} />}>
          <Button size="small" type="text" aria-label={t('phone.keypad')} title={t('phone.keypad')} icon={<AppstoreOutlined />} />
        </Popover>
        {transfer === null && <TransferButton call={call} />}
      </>}
      {call.phase !== 'ended' && transfer === null && <Button size="small" danger type="primary" icon={<PhoneOutlined rotate={135} aria-hidden />} aria-label={t('phone.hangUp')} onClick={() => talk.mutate({ attemptId, do: 'hang-up' })}><span className="hang-up-word">{t('phone.hangUp')}</span></Button>}
    </div>
  )
}
