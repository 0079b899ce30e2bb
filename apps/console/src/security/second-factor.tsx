import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Input, QRCode } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { secondFactorQuery } from './security-queries'
import './security-words'

interface Begun {
  uri: string
  codes: string[]
}

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['security'] })

/** @param inForce undefined: not known yet. */
export function FactorHeading({ inForce }: { inForce: boolean | undefined }) {
  const { t } = useTranslation('security')
  const state = inForce === undefined ? '' : inForce ? `● ${t('factor.on')}` : `○ ${t('factor.off')}`
  return <h2 style={{ fontSize: 14, fontWeight: 600 }}>{t('factor.title')} <span className="quiet" style={{ fontWeight: 400 }}>{state}</span></h2>
}

/** My authenticator: turned on in two steps, so that nobody is shut out by one that shows other digits. */
export function SecondFactor() {
  const { t } = useTranslation('security')
  const { data } = useQuery(secondFactorQuery(null))
  const [step, setStep] = useState<'look' | 'password' | Begun>('look')
  const over = (): void => {
    setStep('look')
    refresh()
  }
  return (
    <section className="stack" style={{ gap: 8 }}>
      <FactorHeading inForce={data?.inForce} />
      <p className="quiet">{t('factor.text')}</p>
      {step === 'look' && data && <Button style={{ alignSelf: 'start' }} onClick={() => setStep('password')}>{t(data.inForce ? 'factor.turnOff' : 'factor.turnOn')}</Button>}
      {step === 'password' && (data?.inForce ? <Remove over={over} /> : <Begin begun={setStep} over={over} />)}
      {typeof step === 'object' && <Confirm begun={step} over={over} />}
    </section>
  )
}

/** @param act what the button says. */
function WithPassword({ act, pending, error, submit, over }: { act: string; pending: boolean; error: Error | null; submit: (password: string) => void; over: () => void }) {
  const { t } = useTranslation('security')
  const [password, setPassword] = useState('')
  return (
    <form className="stack" style={{ gap: 8 }} onSubmit={(event) => { event.preventDefault(); submit(password) }}>
      <Field id="factor-password" label={t('factor.password')}><Input.Password id="factor-password" required autoFocus autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} /></Field>
      {error && <Failure error={error} />}
      <div className="row"><Button type="primary" htmlType="submit" loading={pending}>{act}</Button><Button onClick={over}>{t('factor.cancel')}</Button></div>
    </form>
  )
}

function Begin({ begun, over }: { begun: (begun: Begun) => void; over: () => void }) {
  const { t } = useTranslation('security')
  const begin = useMutation({ mutationFn: (password: string) => answer(api.POST('/api/hub/me/second-factor', { body: { password } })), onSuccess: begun })
  return <WithPassword act={t('factor.next')} pending={begin.isPending} error={begin.error} submit={begin.mutate} over={over} />
}

function Remove({ over }: { over: () => void }) {
  const { t } = useTranslation('security')
  const { message } = App.useApp()
  const remove = useMutation({
    mutationFn: (password: string) => answer(api.POST('/api/hub/me/second-factor/remove', { body: { password } })),
    onSuccess: () => {
      void message.success(t('factor.turnedOff'))
      over()
    },
  })
  return <WithPassword act={t('factor.turnOff')} pending={remove.isPending} error={remove.error} submit={remove.mutate} over={over} />
}

function Confirm({ begun: { uri, codes }, over }: { begun: Begun; over: () => void }) {
  const { t } = useTranslation('security')
  const { message } = App.useApp()
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => answer(api.POST('/api/hub/me/second-factor/confirm', { body: { code: code.replaceAll(/\s/g, '') } })),
    onSuccess: () => {
      void message.success(t('factor.turnedOn'))
      over()
    },
    onError: () => setCode(''),
  })
  return (
    <form className="stack" style={{ gap: 12 }} onSubmit={(event) => { event.preventDefault(); confirm.mutate() }}>
      <p>{t('factor.scan')}</p>
      {/* White behind it in the dark too: cameras want it so. Whoever does not see it has the key below. */}
      <div aria-hidden><QRCode value={uri} bgColor="#fff" color="#000" errorLevel="M" /></div>
      <code style={{ wordBreak: 'break-all', userSelect: 'all' }}>{new URL(uri).searchParams.get('secret')}</code>
      <p>{t('factor.paper')}</p>
      <ul className="plain numbers" style={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 4, userSelect: 'all' }}>{codes.map((paper) => <li key={paper}><code>{paper}</code></li>)}</ul>
      <Button style={{ alignSelf: 'start' }} onClick={() => void navigator.clipboard.writeText(codes.join('\n')).then(() => message.success(t('factor.copied')))}>{t('factor.copy')}</Button>
      <Field id="factor-code" label={t('factor.code')}><Input id="factor-code" required inputMode="numeric" autoComplete="one-time-code" maxLength={8} style={{ width: 160, letterSpacing: 2 }} value={code} onChange={(event) => setCode(event.target.value)} /></Field>
      {confirm.isError && <Failure error={confirm.error} />}
      <div className="row"><Button type="primary" htmlType="submit" loading={confirm.isPending}>{t('factor.confirm')}</Button><Button onClick={over}>{t('factor.cancel')}</Button></div>
    </form>
  )
}
