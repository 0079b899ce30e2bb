import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TimelineItem } from '@loopline/contracts/customer'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { timelineQuery } from './customer-queries'
import { TimelineRow } from './timeline-item'

/** Everything that happened to the customer, newest first, by day. */
export function Timeline({ customerId }: { customerId: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery(timelineQuery(customerId))
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones lines={8} /></Slow>
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <Empty title={t('customer.timeline.empty')} text={t('customer.timeline.emptyText')} />
  return (
    <div>
      {byDay(items, (at) => format.day(at)).map(([day, ofDay]) => (
        <section key={day} aria-label={day}>
          <h3 className="timeline-day">{day}</h3>
          <ol>{ofDay.map((item) => <TimelineRow key={`${item.kind}${item.id}`} item={item} />)}</ol>
        </section>
      ))}
      {hasNextPage && <Button block type="text" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('customer.timeline.more')}</Button>}
    </div>
  )
}

function byDay(items: readonly TimelineItem[], dayOf: (at: string) => string): [string, TimelineItem[]][] {
  const days = new Map<string, TimelineItem[]>()
  for (const item of items) {
    const day = dayOf(item.at)
    const ofDay = days.get(day)
    if (ofDay) ofDay.push(item)
    else days.set(day, [item])
  }
  return [...days]
}
