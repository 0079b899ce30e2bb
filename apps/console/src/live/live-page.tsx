import { useQuery } from '@tanstack/react-query'
import { App, Button, Dropdown, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AGENT_STATES } from '@loopline/contracts/agent'
import { useLive } from '../api/live'
import { queryClient } from '../api/queries'
import { useCallerName } from '../inbound/caller-name'
import { SendMessage } from '../messages/send-message'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { Page } from '../parts/page'
import { Bones, Slow } from '../parts/slow'
import { AgentStateSign } from '../parts/state-sign'
import { agentListQuery, useAgent, useForce, useQuality, useWaive, useTalk, type Agent } from '../phone/agent-queries'
import { QualityMark } from '../phone/quality-mark'
import { idleWord, pauseWord } from '../phone/state-words'
import { clockFace, useSecondsSince } from '../phone/use-clock'
import { useMay } from '../session/me'
import { AGENT_LOOKS } from '../theme/states'
import './live.css'

/** The wallboard: who talks, who waits and why, and a lead's ear in any call. */
export function LivePage() {
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useQuery(agentListQuery)
  const [attending, setAttending] = useState<string | null>(null)
  useLive((message) => {
    if (message.topic !== 'agent') return
    queryClient.setQueryData(agentListQuery.queryKey, (known) => known && { ...known, items: [message.agent, ...known.items.filter(({ agentId }) => agentId !== message.agent.agentId)] })
  })
  if (error) return <Page title={t('liveBoard.title')}><Failure error={error} retry={() => void refetch()} /></Page>
  if (isPending) return <Page title={t('liveBoard.title')}><Slow><Bones lines={8} /></Slow></Page>
  const agents = data.items.toSorted((a, b) => AGENT_STATES.indexOf(b.state) - AGENT_STATES.indexOf(a.state) || a.name.localeCompare(b.name))
  return (
    <Page title={t('liveBoard.title')}>
      <Counts agents={agents} />
      {agents.length === 0 ? <Empty title={t('liveBoard.empty')} text={t('liveBoard.emptyText')} /> : (
        <div className="table-box short">
          <table className="list agents-now">
            <thead><tr><th className="name">{t('liveBoard.agents')}</th><th className="what">{t('liveBoard.state')}</th><th className="number since">{t('liveBoard.since')}</th><th>{t('liveBoard.call')}</th><th className="campaign">{t('liveBoard.campaign')}</th><th className="sound">{t('liveBoard.quality')}</th><th className="acts" aria-label={t('liveBoard.listen')} /></tr></thead>
            <tbody>{agents.map((agent) => <AgentRow key={agent.agentId} agent={agent} attending={attending} setAttending={setAttending} />)}</tbody>
          </table>
        </div>
      )}
      <NeedPhone />
    </Page>
  )
}

/** Once under the board, not in every row: why nobody can be listened to yet. */
function NeedPhone() {
  const { t } = useTranslation()
  const may = useMay('call:attend')
  const me = useAgent()
  return may && me?.leg !== 'up' ? <p className="quiet small" style={{ marginTop: 12 }}>{t('liveBoard.needPhone')}</p> : null
}

const COUNTED = ['talking', 'ready', 'wrap-up', 'paused', 'offline'] as const

function Counts({ agents }: { agents: readonly Agent[] }) {
  const { t } = useTranslation()
  const count = (state: (typeof COUNTED)[number]): number => agents.filter((agent) => agent.state === state || (state === 'talking' && agent.state === 'on-hold')).length
  return <div className="board">{COUNTED.map((state) => <div key={state} className="board-count"><strong className="numbers" style={{ color: AGENT_LOOKS[state].colour }}>{count(state)}</strong><span>{t(`liveBoard.counts.${state}`)}</span></div>)}</div>
}

function AgentRow({ agent, attending, setAttending }: { agent: Agent; attending: string | null; setAttending: (attemptId: string | null) => void }) {
  const { t } = useTranslation()
  const name = useCallerName()
  const seconds = useSecondsSince(agent.since)
  const quality = useQuality(agent.call?.attemptId ?? null)
  const reason = agent.state === 'paused' && agent.reason ? pauseWord(t, agent.reason) : agent.state === 'ready' && agent.reason ? idleWord(t, agent.reason) : null
  return (
    <tr>
      <td>{agent.name}</td>
      <td><AgentStateSign state={agent.state} />{reason && <span className="quiet"> · {reason}</span>}{agent.selfTest.faults[0] && agent.selfTest.state === 'failed' && <span className="small" style={{ color: 'var(--warn)' }}> · {t(`selfTest.fault.${agent.selfTest.faults[0]}`)}</span>}</td>
      <td className="number">{seconds !== null && clockFace(seconds)}</td>
      <td>{agent.call && name(agent.call)}</td>
      <td className="quiet campaign">{agent.call?.campaignName}</td>
      <td>{quality && <QualityMark quality={quality} />}</td>
      <td style={{ overflow: 'visible' }}><Acts agent={agent} attending={attending} setAttending={setAttending} /></td>
    </tr>
  )
}

const WAYS = ['listen', 'whisper', 'barge'] as const

function Acts({ agent, attending, setAttending }: { agent: Agent; attending: string | null; setAttending: (attemptId: string | null) => void }) {
  const { t } = useTranslation()
  const may = useMay('call:attend')
  const me = useAgent()
  const talk = useTalk()
  const attemptId = agent.call?.attemptId
  const up = agent.call?.phase === 'talking' || agent.call?.phase === 'on-hold'
  const mine = me?.agentId === agent.agentId
  const attend = (id: string, as: (typeof WAYS)[number] | 'off'): void => talk.mutate({ attemptId: id, do: 'attend', as }, { onSuccess: () => setAttending(as === 'off' ? null : id) })
  return (
    <div className="row end">
      {may && up && attemptId && !mine && me?.leg === 'up' && (
        <>
          {WAYS.map((as) => <Button key={as} size="small" onClick={() => attend(attemptId, as)}>{t(`liveBoard.${as}`)}</Button>)}
          {attending === attemptId && <Button size="small" type="primary" onClick={() => attend(attemptId, 'off')}>{t('liveBoard.stop')}</Button>}
        </>
      )}
      {!mine && <SendMessage agentId={agent.agentId} name={agent.name} unread={agent.messages.length} />}
      <Force agent={agent} />
    </div>
  )
}

function Force({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const force = useForce()
  const ask = (state: 'ready' | 'paused' | 'offline'): void => {
    let reason = ''
    modal.confirm({
      title: `${t('liveBoard.force')}: ${agent.name} → ${t(`agentState.${state}`)}`, okText: t('liveBoard.force'), cancelText: t('frame.cancel'),
      content: <Input autoFocus aria-label={t('liveBoard.forceReason')} placeholder={t('liveBoard.forceReason')} maxLength={200} onChange={({ target }) => { reason = target.value }} />,
      onOk: () => force.mutateAsync({ agentId: agent.agentId, state, reason: reason.trim() || t('liveBoard.force') }),
    })
  }
  const waive = useWaive()
  const askWaiver = (): void => {
    let reason = ''
    modal.confirm({
      title: `${t('selfTest.waive')}: ${agent.name}`, okText: t('selfTest.waive'), cancelText: t('frame.cancel'),
      content: <Input autoFocus aria-label={t('selfTest.waiveReason')} placeholder={t('selfTest.waiveReason')} maxLength={200} onChange={({ target }) => { reason = target.value }} />,
      onOk: () => waive.mutateAsync({ agentId: agent.agentId, reason: reason.trim() || t('selfTest.waive') }),
    })
  }
  const isTested = agent.selfTest.state === 'passed' || agent.selfTest.waived !== null
  const waiver = isTested || agent.state === 'offline' ? [] : [{ type: 'divider' as const }, { key: 'waive', label: t('selfTest.waive'), onClick: askWaiver }]
  return <Dropdown menu={{ items: [...(['ready', 'paused', 'offline'] as const).map((state) => ({ key: state, label: t(`agentState.${state}`), disabled: state === 'ready' && !isTested, onClick: () => ask(state) })), ...waiver] }}><Button size="small" type="text">{t('liveBoard.force')}</Button></Dropdown>
}
