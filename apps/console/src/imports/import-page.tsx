import { InboxOutlined } from '@ant-design/icons'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Select, Spin, Upload } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportOptions } from '@loopline/contracts/import'
import { LEVELS, type Level } from '@loopline/vocabulary/customer'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { Page } from '../parts/page'
import { Bones, Slow } from '../parts/slow'
import { CheckPanel } from './check-panel'
import { ColumnGrid } from './column-grid'
import { DECLARATION_EMPTY, declared, DeclarationForm, type DeclarationDraft } from './declaration-form'
import { importQuery, previewImport, startImport } from './import-queries'
import './import.css'

/** From a file to customers: columns as guessed and corrected, what will not be callable and why, then the start. */
export function ImportPage() {
  const { t } = useTranslation()
  const [file, setFile] = useState<File | null>(null)
  return (
    <Page title={t('import.title')} back={{ to: '/customers', word: t('customer.record.back') }} actions={file && <Button onClick={() => setFile(null)}>{t('import.another')}</Button>}>
      {file === null
        ? <div className="drop"><Upload.Dragger accept=".csv,text/csv,text/plain" multiple={false} showUploadList={false} beforeUpload={(chosen: File) => { setFile(chosen); return false }} style={{ padding: 32 }}>
            <p style={{ fontSize: 32, color: 'var(--accent)' }}><InboxOutlined /></p>
            <p style={{ fontSize: 16, fontWeight: 550 }}>{t('import.drop')}</p>
            <p className="quiet">{t('import.dropHint')}</p>
          </Upload.Dragger></div>
        : <Preparation key={`${file.name}${file.lastModified}`} file={file} />}
    </Page>
  )
}

type Basics = Pick<ImportOptions, 'duplicates' | 'defaultLevel'> & { columns: ImportOptions['columns'] | null; hasHeader: boolean | null }

function Preparation({ file }: { file: File }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [basics, setBasics] = useState<Basics>({ columns: null, hasHeader: null, duplicates: 'skip', defaultLevel: 'C' })
  const [declaration, setDeclaration] = useState<DeclarationDraft>(DECLARATION_EMPTY)
  const asked = optionsOf(basics, declaration)
  const settled = useSettled(JSON.stringify(asked))
  const { data, error, isPending, isFetching } = useQuery({
    queryKey: ['import-preview', file.name, file.lastModified, settled], placeholderData: keepPreviousData, gcTime: 0, meta: { static: true },
    queryFn: ({ signal }) => previewImport(file, JSON.parse(settled) as Partial<ImportOptions>, signal),
  })
  const columns = basics.columns ?? data?.columns ?? []
  const start = useMutation({
    mutationFn: () => startImport(file, { ...asked, columns, hasHeader: basics.hasHeader ?? data?.hasHeader ?? true, defaultRegion: null, declaration: declared(declaration), duplicates: basics.duplicates, defaultLevel: basics.defaultLevel }),
    onSuccess: (view) => {
      queryClient.setQueryData(importQuery(view.importId).queryKey, view)
      void navigate({ to: '/customers/import/$importId', params: { importId: view.importId } })
    },
  })
  if (error) return <Failure error={error} />
  if (isPending) return <Slow><p className="quiet">{t('import.reading')}</p><Bones /></Slow>
  const missing = !columns.some((column) => column.startsWith('phone')) ? t('import.needPhone') : !columns.includes('name') ? t('import.needName') : null
  return (
    <div className="sides">
      <div className="stack">
        <section>
          <div className="row wrap" style={{ marginBottom: 8 }}>
            <strong style={{ fontWeight: 600 }}>{file.name}</strong><span className="quiet">{t('import.columnsHint')}</span><span className="grow" />
            <Checkbox checked={basics.hasHeader ?? data.hasHeader} onChange={(event) => setBasics({ ...basics, hasHeader: event.target.checked })}>{t('import.hasHeader')}</Checkbox>
          </div>
          <ColumnGrid preview={data} columns={columns} onChange={(next) => setBasics({ ...basics, columns: next })} />
        </section>
        <DeclarationForm draft={declaration} change={setDeclaration} />
        <section className="panel"><div className="inside row wrap" style={{ gap: 24 }}>
          <Field id="duplicates" label={t('import.duplicates')}><Select<ImportOptions['duplicates']> id="duplicates" style={{ width: 180 }} value={basics.duplicates} onChange={(duplicates) => setBasics({ ...basics, duplicates })} options={(['skip', 'fill', 'overwrite'] as const).map((value) => ({ value, label: t(`import.duplicate.${value}`) }))} /></Field>
          <Field id="default-level" label={t('import.defaultLevel')}><Select<Level> id="default-level" style={{ width: 100 }} value={basics.defaultLevel} onChange={(defaultLevel) => setBasics({ ...basics, defaultLevel })} options={LEVELS.map((value) => ({ value, label: value }))} /></Field>
        </div></section>
      </div>
      <div className="stack" style={{ position: 'sticky', top: 24 }}>
        <CheckPanel preview={data} busy={isFetching && <Spin size="small" aria-label={t('import.check.checking')} />} />
        {start.isError && <Failure error={start.error} />}
        {missing && <p role="alert" style={{ color: 'var(--warn)' }}>{missing}</p>}
        <Button type="primary" size="large" block disabled={missing !== null} loading={start.isPending} onClick={() => start.mutate()}>{t('import.start')}</Button>
      </div>
    </div>
  )
}

function optionsOf({ columns, hasHeader, duplicates, defaultLevel }: Basics, declaration: DeclarationDraft): Partial<ImportOptions> {
  return { ...(columns ? { columns } : {}), ...(hasHeader === null ? {} : { hasHeader }), duplicates, defaultLevel, declaration: declared(declaration) }
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 400)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
