import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { customerQuery } from '../customers/customer-queries'
import { Consents } from '../customers/consents'
import { Details } from '../customers/details'
import { Phones } from '../customers/phones'
import { Timeline } from '../customers/timeline'
import { useCustomerEdit } from '../customers/use-customer-edit'
import { ConflictDialog } from '../customers/conflict-dialog'
import type { CustomerView } from '@loopline/contracts/customer'
import { IncomingCard } from '../inbound/incoming-card'
import { Stranger } from '../inbound/stranger'
import { WhyItRings } from '../inbound/why-it-rings'
import { Empty } from '../parts/empty'
import { Page } from '../parts/page'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { LevelMark } from '../parts/state-sign'
import { useStaleOnPush } from '../api/live-queries'
import { useMay } from '../session/me'
import { useAgent, type Agent } from '../phone/agent-queries'
import { SelfTestPanel } from '../phone/self-test-panel'
import { timelineQuery } from '../customers/customer-queries'
import { Callbacks } from './callbacks'
import { Due } from './due'
import { PreviewCard } from './preview-card'
import { WhyCall } from './why-call'
import { WrapUp } from './wrap-up'
import '../customers/record.css'
import './workbench.css'

/** What the seller does now: the customer on the line, or the next one, or who is due. */
export function WorkbenchPage() {
  const { t } = useTranslation()
  const agent = useAgent()
  return (
    <Page title={t('workbench.title')} width="full">
      {agent === undefined ? <Slow><Bones lines={6} /></Slow> : agent?.call ? isStranger(agent.call) ? <WithStranger agent={agent} call={agent.call} /> : <OnCall agent={agent} call={agent.call} /> : <Idle agent={agent} />}
    </Page>
  )
}

function Idle({ agent }: { agent: Agent | null }) {
  const { t } = useTranslation()
  const isTested = agent === null || agent.state === 'offline' || agent.selfTest.state === 'passed' || agent.selfTest.state === 'waived'
  const [title, text] = agent === null || agent.state === 'offline' ? ['signedOff', 'signedOffText'] as const
    : agent.state === 'paused' ? ['waiting', 'pausedText'] as const : ['waiting', 'waitingText'] as const
  return (
    <div className="sides" style={{ gridTemplateColumns: 'minmax(0, 1fr) 420px' }}>
      <div className="stack">
        {!isTested && <section className="panel"><h2>{t('selfTest.title')}</h2><div className="inside"><SelfTestPanel agent={agent} /></div></section>}
        <section className="panel"><Empty title={t(`workbench.${title}`)} text={t(`workbench.${text}`)} /></section>
      </div>
      <div className="stack">
        <Callbacks />
        <Due />
      </div>
    </div>
  )
}

/** Called us, and there is no record of him. */
const isStranger = ({ inbound }: NonNullable<Agent['call']>): boolean => inbound !== null && inbound.caller !== 'customer'

function WithStranger({ agent, call }: { agent: Agent; call: NonNullable<Agent['call']> }) {
  return (
    <div className="on-call" key={call.attemptId}>
      <div className="stack">
        {call.phase === 'incoming' && <IncomingCard call={call} />}
        <Stranger call={call} />
      </div>
      {call.phase !== 'incoming' && call.phase !== 'asked' && <WrapUp key={call.attemptId} agent={agent} call={call} />}
    </div>
  )
}

function OnCall({ agent, call }: { agent: Agent; call: NonNullable<Agent['call']> }) {
  const { data, error, refetch } = useQuery(customerQuery(call.customerId))
  const concerns = (message: { topic: string; customerId?: string }): boolean => (message.topic === 'customer' || message.topic === 'call') && message.customerId === call.customerId
  useStaleOnPush(customerQuery(call.customerId).queryKey, concerns)
  useStaleOnPush(timelineQuery(call.customerId).queryKey, concerns)
  return (
    <div className="on-call" key={call.attemptId}>
      <div className="stack">
        {call.phase === 'preview' && <PreviewCard call={call} />}
        {call.phase === 'incoming' && <IncomingCard call={call} />}
        {error ? <Failure error={error} retry={() => void refetch()} /> : data ? <Story customer={data} call={call} /> : <Slow><Bones lines={8} /></Slow>}
      </div>
      {call.phase !== 'preview' && call.phase !== 'incoming' && call.phase !== 'asked' && <WrapUp key={call.attemptId} agent={agent} call={call} />}
    </div>
  )
}

/** The customer's story before the first word. */
function Story({ customer, call }: { customer: CustomerView; call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const may = useMay('customer:edit')
  const edit = useCustomerEdit(customer)
  return (
    <>
      <header className="record-head">
        <h2 style={{ fontSize: 20 }}>{customer.name}</h2>
        <LevelMark level={customer.level} />
        <span className="tag">{t(`status.${customer.status}`)}</span>
        <span className="quiet">{customer.company}</span>
      </header>
      {call.inbound ? <WhyItRings call={call} /> : <WhyCall call={call} customer={customer} />}
      <div className="story">
        <section className="panel"><h2>{t('workbench.story')}</h2><div className="inside"><Timeline customerId={customer.customerId} /></div></section>
        <div className="stack">
          <section className="panel"><h2>{t('customer.record.details')}</h2><div className="inside" style={{ paddingTop: 8 }}><Details customer={customer} edit={edit} may={may} /></div></section>
          <section className="panel"><h2>{t('customer.record.consents')}</h2><div className="inside"><Consents customer={customer} may={may} /></div></section>
          <section className="panel"><h2>{t('customer.record.phones')}</h2><div className="inside" style={{ padding: '8px 16px' }}><Phones customer={customer} /></div></section>
        </div>
      </div>
      {edit.conflict && <ConflictDialog conflict={edit.conflict} resolve={edit.resolve} />}
    </>
  )
}
