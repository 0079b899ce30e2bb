import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { CustomerView } from '@loopline/contracts/customer'
import { LevelMark, OutcomeSign } from '../parts/state-sign'
import type { Column } from '../parts/windowed-table'
import { useNames } from '../session/people'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { DialButton } from './dial-button'

/** What a list shows of a customer. */
export function useCustomerColumns(): Column<CustomerView>[] {
  const { t } = useTranslation()
  const names = useNames()
  const format = useFormat()
  const mayDial = useMay('call:dial')
  const title = (key: 'name' | 'company' | 'level' | 'status' | 'tags' | 'region' | 'owner' | 'outcome' | 'called') => t(`customer.column.${key}`)
  return [
    { key: 'name', title: title('name'), width: 120, cell: (row) => <Link className="row-link" to="/customers/$customerId" params={{ customerId: row.customerId }} preload={false}>{row.name}</Link> },
    ...(mayDial ? [{ key: 'dial', title: t('customer.record.dial'), width: 58, cell: (row: CustomerView) => <DialButton customerId={row.customerId} name={row.name} /> }] : []),
    { key: 'company', title: title('company'), cell: (row) => row.company },
    { key: 'level', title: title('level'), width: 64, cell: (row) => <LevelMark level={row.level} /> },
    { key: 'status', title: title('status'), width: 96, cell: (row) => t(`status.${row.status}`) },
    { key: 'tags', title: title('tags'), width: 152, cell: (row) => <Tags tags={row.tags} /> },
    { key: 'region', title: title('region'), width: 84, cell: (row) => row.region },
    { key: 'owner', title: title('owner'), width: 104, cell: (row) => (row.ownerId === null ? <span className="quiet">{t('customer.pool')}</span> : (names(row.ownerId) ?? '·')) },
    { key: 'outcome', title: title('outcome'), width: 132, cell: (row) => (row.lastOutcome === null ? <span className="quiet">{t('customer.notCalled')}</span> : <OutcomeSign outcome={row.lastOutcome} />) },
    { key: 'called', title: title('called'), width: 100, number: true, cell: (row) => row.lastCalledAt && <span title={format.instant(row.lastCalledAt)}>{format.since(row.lastCalledAt)}</span> },
  ]
}

function Tags({ tags }: { tags: readonly string[] }) {
  return <span className="row" style={{ gap: 4 }} title={tags.join(', ')}>{tags.slice(0, 2).map((tag) => <span key={tag} className="tag cut">{tag}</span>)}{tags.length > 2 && <span className="quiet small">+{tags.length - 2}</span>}</span>
}
