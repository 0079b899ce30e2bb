import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useFormat } from '../words/format'
import { deviceOf } from './device'
import { sessionsQuery, signInsQuery } from './security-queries'
import './security-words'

const HEADING = { fontSize: 14, fontWeight: 600 } as const

/** Where somebody is signed in now. @param userId null: oneself, who may end each of them. */
export function Sessions({ userId }: { userId: string | null }) {
  const { t } = useTranslation('security')
  const format = useFormat()
  const { message } = App.useApp()
  const { data, error, isPending, refetch } = useQuery(sessionsQuery(userId))
  const end = useMutation({
    mutationFn: (sessionId: string | null) => (sessionId === null
      ? userId === null ? answer(api.POST('/api/hub/me/sessions/end-others')) : answer(api.POST('/api/hub/users/{userId}/sessions/end', { params: { path: { userId } } }))
      : answer(api.DELETE('/api/hub/me/sessions/{sessionId}', { params: { path: { sessionId } } }))),
    onSuccess: ({ ended }) => {
      void message.success(t('session.ended', { count: ended }))
      void queryClient.invalidateQueries({ queryKey: ['security'] })
    },
  })
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones lines={3} /></Slow>
  const others = data.filter(({ isThis }) => !isThis)
  return (
    <section className="stack" style={{ gap: 8 }}>
      <h2 style={HEADING}>{t(userId === null ? 'session.title' : 'session.titleOf')}</h2>
      {data.length === 0 && <p className="quiet">{t('session.none')}</p>}
      <ul className="plain stack" style={{ gap: 6 }}>
        {data.map((session) => (
          <li key={session.sessionId} className="row" style={{ justifyContent: 'space-between' }}>
            <span>{deviceOf(session.userAgent) ?? t('session.unknown')} <span className="quiet numbers">{session.address ?? ''} · {t('session.since', { time: format.instant(session.createdAt) })}</span></span>
            {session.isThis ? <span className="quiet">{t('session.this')}</span> : userId === null && <Button type="link" size="small" loading={end.isPending && end.variables === session.sessionId} onClick={() => end.mutate(session.sessionId)}>{t('session.end')}</Button>}
          </li>
        ))}
      </ul>
      {end.isError && <Failure error={end.error} />}
      {others.length > 0 && <Button style={{ alignSelf: 'start' }} loading={end.isPending && end.variables === null} onClick={() => end.mutate(null)}>{t(userId === null ? 'session.endOthers' : 'person.endAll')}</Button>}
    </section>
  )
}

/** Who came in under this name, or tried to. */
export function SignIns({ userId }: { userId: string | null }) {
  const { t } = useTranslation('security')
  const format = useFormat()
  const { data, error, isPending, refetch } = useQuery(signInsQuery(userId))
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones lines={3} /></Slow>
  return (
    <section className="stack" style={{ gap: 8 }}>
      <h2 style={HEADING}>{t('signIn.title')}</h2>
      {userId === null && data.some(({ outcome }) => outcome === 'wrong-code') && <p role="alert" style={{ color: 'var(--alarm)' }}>{t('signIn.wrongCode')}</p>}
      {data.length === 0 ? <p className="quiet">{t('signIn.none')}</p> : (
        <div className="table-box short">
          <table className="list" aria-label={t('signIn.title')}>
            <thead><tr>{(['when', 'outcome', 'address', 'device'] as const).map((key) => <th key={key} scope="col">{t(`signIn.${key}`)}</th>)}</tr></thead>
            <tbody>{data.map(({ signInId, at, outcome, address, userAgent }) => (
              <tr key={signInId}>
                <td className="numbers">{format.instant(at)}</td><td style={outcome === 'signed-in' ? undefined : { color: 'var(--alarm)' }}>{t(`signIn.state.${outcome}`)}</td>
                <td className="numbers">{address}</td><td>{deviceOf(userAgent) ?? <span className="quiet">{t('session.unknown')}</span>}</td>
              </tr>
            ))}</tbody>
          </table>
        </div>
      )}
    </section>
  )
}
