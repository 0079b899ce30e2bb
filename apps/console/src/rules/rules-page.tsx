import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, InputNumber, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RuleView } from '@loopline/contracts/rule'
import { LEVELS } from '@loopline/vocabulary/customer'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Empty } from '../parts/empty'
import { Failure } from '../parts/failure'
import { Page } from '../parts/page'
import { Bones, Slow } from '../parts/slow'
import { LevelMark } from '../parts/state-sign'
import { useMay } from '../session/me'
import { rulesQuery } from './rule-queries'
import './rules.css'

/** The rules as sentences, in the order in which they are asked. */
export function RulesPage() {
  const { t } = useTranslation()
  const mayEdit = useMay('rule:edit')
  const { data, error, isPending, refetch } = useQuery(rulesQuery)
  return (
    <Page title={t('rule.title')} lead={data && <span className="quiet small">{t('rule.version', { version: data.version })}</span>}>
      <p className="quiet" style={{ marginBottom: 16 }}>{t('rule.intro')} {!mayEdit && t('rule.readOnly')}</p>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {isPending && <Slow><Bones /></Slow>}
      {data && (
        <div className="sides">
          {data.rules.length === 0 ? <Empty title={t('rule.empty')} text={t('rule.emptyText')} /> : <ol className="panel rules">{data.rules.map((rule, index) => <OneRule key={rule.id} rule={rule} place={index + 1} mayEdit={mayEdit} />)}</ol>}
          <Mapping version={data.version} priorityByLevel={data.priorityByLevel} mayEdit={mayEdit} />
        </div>
      )}
    </Page>
  )
}

function OneRule({ rule, place, mayEdit }: { rule: RuleView; place: number; mayEdit: boolean }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const language = i18n.language.startsWith('zh') ? 'zh' : 'en'
  const turn = useMutation({
    mutationFn: (enabled: boolean) => answer(api.PUT('/api/crm/rules/{id}', { params: { path: { id: rule.id } }, body: { version: rule.version, enabled } })),
    onSuccess: (book, enabled) => {
      queryClient.setQueryData(rulesQuery.queryKey, book)
      void message.success(t('rule.switched', { name: rule.name[language], state: t(enabled ? 'rule.on' : 'rule.off') }))
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  })
  return (
    <li className={rule.enabled ? '' : 'off'}>
      <span className="place numbers">{place}</span>
      <div className="grow">
        <div className="row wrap"><strong>{rule.name[language]}</strong><span className="tag">{t(`when.${rule.when}`)}</span>{rule.stop && <span className="tag">■ {t('rule.stop')}</span>}</div>
        <p>{rule.sentence[language]}</p>
        {turn.isError && <Failure error={turn.error} />}
      </div>
      {mayEdit ? <Switch aria-label={rule.name[language]} checked={rule.enabled} loading={turn.isPending} onChange={(enabled) => turn.mutate(enabled)} /> : <span className="quiet">{t(rule.enabled ? 'rule.on' : 'rule.off')}</span>}
    </li>
  )
}

function Mapping({ version, priorityByLevel, mayEdit }: { version: number; priorityByLevel: Record<string, number>; mayEdit: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [edits, setEdits] = useState<Record<string, number>>({})
  const draft = { ...priorityByLevel, ...edits }
  const save = useMutation({
    mutationFn: () => answer(api.PUT('/api/crm/rules/mapping', { body: { version, priorityByLevel: draft } })),
    onSuccess: (book) => {
      queryClient.setQueryData(rulesQuery.queryKey, book)
      setEdits({})
      void message.success(t('rule.mappingSaved'))
    },
  })
  const changed = JSON.stringify(draft) !== JSON.stringify(priorityByLevel)
  return (
    <section className="panel">
      <h2>{t('rule.mapping')}</h2>
      <form className="inside stack" style={{ gap: 12 }} onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
        <p className="quiet small">{t('rule.mappingText')}</p>
        {LEVELS.map((level) => (
          <div key={level} className="row">
            <LevelMark level={level} /><span aria-hidden>→</span>
            <InputNumber aria-label={`${t('field.level')} ${level}`} min={0} max={1_000} precision={0} disabled={!mayEdit} value={draft[level] ?? 0} onChange={(priority) => setEdits({ ...edits, [level]: priority ?? 0 })} />
          </div>
        ))}
        {save.isError && <Failure error={save.error} retry={() => void queryClient.invalidateQueries({ queryKey: rulesQuery.queryKey })} />}
        {mayEdit && <Button htmlType="submit" type="primary" disabled={!changed} loading={save.isPending} style={{ alignSelf: 'start' }}>{t('frame.save')}</Button>}
      </form>
    </section>
  )
}
