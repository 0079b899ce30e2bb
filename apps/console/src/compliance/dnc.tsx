import { ImportOutlined, PlusOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { App, Button, Drawer, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { Bones, Slow } from '../parts/slow'
import { useMay } from '../session/me'
import { useFormat } from '../words/format'
import { DncImport } from './dnc-import'
import { dncListsQuery, type DncList } from './dnc-queries'
import { DncNumbers } from './dnc-numbers'
import { useListName } from './list-name'
import { NewList } from './new-list'
import './compliance-words'

/** Do-not-call lists: whom nobody calls, and why. */
export function Dnc() {
  const { t } = useTranslation('compliance')
  const format = useFormat()
  const nameOf = useListName()
  const mayEdit = useMay('dnc:edit')
  const { data, error, isPending, refetch } = useQuery(dncListsQuery)
  const [importing, setImporting] = useState<DncList | null>(null)
  const [removing, setRemoving] = useState<DncList | null>(null)
  const [isNew, setIsNew] = useState(false)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones /></Slow>
  return (
    <div className="stack">
      <p className="quiet" style={{ maxWidth: 820 }}>{t('dnc.intro')}</p>
      <DncNumbers lists={data} />
      {mayEdit && <div className="row end"><Button icon={<PlusOutlined />} onClick={() => setIsNew(true)}>{t('dnc.newList')}</Button></div>}
      <div className="table-box short">
        <table className="list" aria-label={t('dnc.list')}>
          <thead><tr>{(['list', 'kindColumn', 'numbers', 'copiedOn', 'updated', 'lastImport'] as const).map((key) => <th key={key} scope="col">{t(`dnc.${key}`)}</th>)}<th scope="col"><span className="unseen">{t('dnc.import')}</span></th></tr></thead>
          <tbody>
            {data.map((list) => (
              <tr key={list.listId}>
                <td style={{ fontWeight: 550 }}>{nameOf(list)}</td>
                <td>{t(`dnc.kind.${list.kind}`)}{list.registry && <span className="quiet"> · {list.registry}</span>}</td>
                <td className="number">{format.number(list.numbers)}</td>
                <td className="numbers">{list.copiedOn ?? <span className="quiet">—</span>}</td>
                <td>{format.instant(list.updatedAt)}</td>
                <td className="cut">{list.lastImport ? <>{list.lastImport.fileName} <span className="quiet">{t(`dnc.importState.${list.lastImport.state}`)}</span></> : <span className="quiet">—</span>}</td>
                <td className="number">
                  {mayEdit && <Button type="link" size="small" icon={<ImportOutlined />} aria-label={`${t('dnc.import')}: ${nameOf(list)}`} onClick={() => setImporting(list)}>{t('dnc.import')}</Button>}
                  {mayEdit && !(list.kind === 'own' && list.name === 'own') && <Button type="link" danger size="small" aria-label={`${t('dnc.removeList')}: ${nameOf(list)}`} onClick={() => setRemoving(list)}>{t('dnc.removeList')}</Button>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Drawer open={importing !== null} onClose={() => setImporting(null)} size={480} destroyOnHidden title={t('dnc.importTitle', { name: importing ? nameOf(importing) : '' })}>{importing && <DncImport list={importing} />}</Drawer>
      <Drawer open={isNew} onClose={() => setIsNew(false)} size={420} destroyOnHidden title={t('dnc.newList')}><NewList done={() => setIsNew(false)} /></Drawer>
      {removing && <RemoveList list={removing} done={() => setRemoving(null)} />}
    </div>
  )
}

function RemoveList({ list, done }: { list: DncList; done: () => void }) {
  const { t } = useTranslation('compliance')
  const nameOf = useListName()
  const { message } = App.useApp()
  const [reason, setReason] = useState('')
  const remove = useMutation({
    mutationFn: () => answer(api.POST('/api/dialer/dnc/lists/{listId}/remove', { params: { path: { listId: list.listId } }, body: { reason: reason.trim() } })),
    onSuccess: async () => {
      void message.success(t('dnc.listRemoved'))
      await queryClient.invalidateQueries({ queryKey: dncListsQuery.queryKey })
      done()
    },
  })
  return (
    <Modal open title={`${t('dnc.removeList')}: ${nameOf(list)}`} onCancel={done} okText={t('dnc.removeList')} okButtonProps={{ danger: true, disabled: reason.trim() === '', loading: remove.isPending }} onOk={() => remove.mutate()}>
      <div className="stack">
        <p>{t('dnc.removeListText', { count: list.numbers })}</p>
        <Field id="remove-reason" label={t('dnc.reason')} required><Input id="remove-reason" maxLength={300} value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
        {remove.isError && <Failure error={remove.error} />}
      </div>
    </Modal>
  )
}
