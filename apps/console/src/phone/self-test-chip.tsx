import { Button, Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Agent } from './agent-queries'
import { Meter, SelfTestPanel } from './self-test-panel'
import { useStartTest } from './use-start-test'

/** Whether the telephone was tried before the shift: what to do while it is, what to mend when it failed, nothing once it passed. */
export function SelfTestChip({ agent }: { agent: Agent }) {
  const { t } = useTranslation()
  const start = useStartTest()
  const { state, faults } = agent.selfTest
  if (agent.call !== null || state === 'passed' || state === 'waived' || agent.leg !== 'up') return null
  if (state === 'running') return <span className="chip self-test-chip"><Meter /></span>
  const [fault] = faults
  return (
    <span className="row">
      {fault && (
        <Popover trigger={['click', 'hover']} placement="bottom" content={<SelfTestPanel agent={agent} />} title={t('selfTest.title')}>
          <span role="alert"><button type="button" className="plain chip lost">{t(`selfTest.fault.${fault}`)}</button></span>
        </Popover>
      )}
      <Button size="small" loading={start.isPending} onClick={() => start.mutate()}>{t(fault ? 'selfTest.again' : 'selfTest.run')}</Button>
    </span>
  )
}
