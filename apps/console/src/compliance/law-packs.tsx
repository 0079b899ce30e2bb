import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Collapse, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { useMay } from '../session/me'
import { lawPacksQuery, type LawPack, type LawPacks } from './law-pack-queries'
import { PackEditor } from './pack-editor'
import './compliance-words'
import './compliance.css'

/** The rules of places that every call must keep, each with its source; edited as one set. */
export function LawPacksSetting() {
  const { data, error, isPending, refetch } = useQuery(lawPacksQuery)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones lines={8} /></Slow>
  return <Packs key={data.version} saved={data} />
}

/** A place by its name where we know one; packs of the company's own are shown by their id. */
function usePackName(): (id: string) => string {
  const { t } = useTranslation('compliance')
  return (id) => t(`law.name.${id as 'cn-default'}`, { defaultValue: id })
}

function Packs({ saved }: { saved: LawPacks }) {
  const { t } = useTranslation('compliance')
  const nameOf = usePackName()
  const { message } = App.useApp()
  const mayEdit = useMay('setting:edit')
  const [draft, setDraft] = useState<LawPack[]>(saved.packs)
  const isChanged = draft !== saved.packs
  const save = useMutation({
    mutationFn: () => answer(api.PUT('/api/hub/settings/law-packs', { body: { version: saved.version, packs: draft } })),
    onSuccess: (packs) => {
      void message.success(t('law.saved'))
      queryClient.setQueryData(lawPacksQuery.queryKey, packs)
    },
  })
  const change = (id: string, pack: LawPack): void => setDraft(draft.map((one) => (one.id === id ? pack : one)))
  const missing = saved.defaults.filter(({ id }) => !draft.some((pack) => pack.id === id))
  return (
    <div className="stack" style={{ maxWidth: 980 }}>
      <p className="quiet">{t('law.intro')} {t('law.notAdvice')}</p>
      {mayEdit && (
        <div className="row wrap pack-bar">
          {missing.length > 0 && <Select<string> aria-label={t('law.addDefault')} placeholder={t('law.addDefault')} style={{ width: 220 }} value={null} onChange={(id) => setDraft([...draft, ...missing.filter((pack) => pack.id === id)])} options={missing.map(({ id }) => ({ value: id, label: nameOf(id) }))} />}
          <span className="grow" />
          {isChanged && <span role="status" style={{ color: 'var(--warn)' }}>{t('law.unsaved')}</span>}
          <Button disabled={!isChanged} onClick={() => setDraft(saved.packs)}>{t('law.discard')}</Button>
          <Button type="primary" disabled={!isChanged} loading={save.isPending} onClick={() => save.mutate()}>{t('law.save')}</Button>
        </div>
      )}
      {save.isError && <div className="row"><Failure error={save.error} /><Button onClick={() => void queryClient.invalidateQueries({ queryKey: lawPacksQuery.queryKey })}>{t('law.refresh')}</Button></div>}
      <Collapse accordion defaultActiveKey={draft[0]?.id ?? ''} items={draft.map((pack, index) => ({
        key: pack.id,
        label: <span><strong style={{ fontWeight: 600 }}>{nameOf(pack.id)}</strong>{index === 0 && <span className="tag" style={{ marginLeft: 8 }}>{t('law.home')}</span>} <span className="quiet small">{pack.id} · {t('law.version', { version: pack.version })}</span></span>,
        children: <PackEditor pack={pack} change={mayEdit ? (next) => change(pack.id, next) : null} restore={defaultOf(saved, pack)}
          remove={mayEdit && draft.length > 1 ? () => setDraft(draft.filter(({ id }) => id !== pack.id)) : null} />,
      }))} />
    </div>
  )
}

const defaultOf = ({ defaults }: LawPacks, { id }: LawPack): LawPack | null => defaults.find((pack) => pack.id === id) ?? null
