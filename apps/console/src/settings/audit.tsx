import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer, given } from '../api/answer'
import { api } from '../api/client'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { useNames } from '../session/people'
import { useWord } from '../words/reason'

/** What people did, newest first, and whether nobody touched the trail. */
export function Audit() {
  const { t } = useTranslation()
  const format = useFormat()
  const word = useWord()
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: ['audit'], meta: { static: true }, staleTime: 0,
    queryFn: ({ pageParam }) => answer(api.GET('/api/hub/audit', { params: { query: { limit: 100, ...given({ cursor: pageParam }) } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  })
  const names = useNames()
  const subjectText = (subject: string): string => names(/^user:(.+)$/.exec(subject)?.[1] ?? null) ?? subject
  const verify = useMutation({ mutationFn: () => answer(api.POST('/api/hub/audit/verify')) })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones /></Slow>
  const entries = data.pages.flatMap((page) => page.items)
  return (
    <div className="stack">
      <div className="row">
        <Button loading={verify.isPending} onClick={() => verify.mutate()}>{t('setting.verify')}</Button>
        {verify.data && (verify.data.findings.length === 0
          ? <span role="status" style={{ color: 'var(--accent)' }}>✓ {t('setting.verified', { rows: format.number(verify.data.rows), checkpoints: format.number(verify.data.checkpoints) })}</span>
          : <span role="alert" style={{ color: 'var(--alarm)' }}>▲ {t('setting.tampered', { count: verify.data.findings.length })} {verify.data.findings.slice(0, 3).join('; ')}</span>)}
        {verify.isError && <Failure error={verify.error} />}
      </div>
      {entries.length === 0 ? <Empty title={t('setting.auditEmpty')} /> : (
        <div className="table-box short">
          <table className="list" aria-label={t('setting.audit')}>
            <colgroup><col style={{ width: 130 }} /><col style={{ width: 200 }} /><col style={{ width: 168 }} /><col /><col /><col style={{ width: 120 }} /></colgroup>
            <thead><tr>{(['at', 'actor', 'action', 'subject', 'details', 'address'] as const).map((key) => <th key={key} scope="col">{t(`setting.auditColumn.${key}`)}</th>)}</tr></thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={`${entry.day}.${entry.seq}`}>
                  <td className="numbers">{format.instant(entry.at)}</td><td>{entry.actorName || entry.actorId} <span className="quiet small">{entry.role && t(`role.${entry.role as 'admin'}`)}</span></td><td>{word('setting.action', entry.action)}</td>
                  <td title={entry.subject}>{subjectText(entry.subject)}</td><td className="quiet" title={JSON.stringify(entry.details)}>{JSON.stringify(entry.details) === '{}' ? '' : JSON.stringify(entry.details)}</td><td className="quiet">{entry.address}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {hasNextPage && <Button type="text" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('frame.more')}</Button>}
    </div>
  )
}
