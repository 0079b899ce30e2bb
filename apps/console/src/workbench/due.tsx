import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { customerListQuery } from '../customers/customer-queries'
import { DialButton } from '../customers/dial-button'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { LevelMark } from '../parts/state-sign'
import { useFormat } from '../words/format'

/** Mine, open, and not spoken to for a week. */
const DUE = JSON.stringify({ combinator: 'and', rules: [{ field: 'lastFollowUpAt', operator: 'olderThanDays', value: 7 }, { field: 'status', operator: '!=', value: 'invalid' }, { field: 'neverCall', operator: '=', value: false }] })
const SHOWN = 12

export function Due() {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error, isPending, refetch } = useInfiniteQuery(customerListQuery({ view: 'mine', sort: 'level', condition: DUE }))
  const rows = data?.pages[0]?.items.slice(0, SHOWN) ?? []
  return (
    <section className="panel">
      <h2>{t('workbench.due')}</h2>
      {error ? <Failure error={error} retry={() => void refetch()} /> : isPending ? <Slow><Bones lines={5} /></Slow>
        : rows.length === 0 ? <p className="inside quiet">{t('workbench.dueEmpty')}</p>
          : <><p className="inside quiet small" style={{ paddingBottom: 0 }}>{t('workbench.dueText')}</p>
            <ul>{rows.map((customer) => (
              <li key={customer.customerId} className="due-row">
                <LevelMark level={customer.level} />
                <Link to="/customers/$customerId" params={{ customerId: customer.customerId }} className="grow cut">{customer.name} <span className="quiet">{customer.company}</span></Link>
                <span className="quiet small">{customer.lastFollowUpAt ? format.since(customer.lastFollowUpAt) : t('frame.never')}</span>
                <DialButton customerId={customer.customerId} name={customer.name} />
              </li>
            ))}</ul></>}
    </section>
  )
}
