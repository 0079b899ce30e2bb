import { useTranslation } from 'react-i18next'
import type { Agent } from '../phone/agent-queries'
import { Empty } from '../parts/empty'
import { useCallerName } from './caller-name'
import { WhyItRings } from './why-it-rings'

/** In place of a customer's story: a caller of whom there is no record. */
export function Stranger({ call }: { call: NonNullable<Agent['call']> }) {
  const { t } = useTranslation()
  const name = useCallerName()
  return (
    <>
      <header className="record-head"><h2 style={{ fontSize: 20 }}>{name(call)}</h2></header>
      <WhyItRings call={call} />
      <section className="panel"><Empty title={name(call)} text={t(call.inbound?.caller === 'withheld' ? 'inbound.withheldText' : 'inbound.unknownText')} /></section>
    </>
  )
}
