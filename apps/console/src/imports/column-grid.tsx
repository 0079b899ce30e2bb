import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { IMPORT_COLUMNS, type ImportOptions } from '@loopline/contracts/import'
import type { Preview } from './import-queries'

type Columns = ImportOptions['columns']

/** The first rows of the file under the columns they are taken for. */
export function ColumnGrid({ preview, columns, onChange }: { preview: Preview; columns: Columns; onChange: (columns: Columns) => void }) {
  const { t } = useTranslation()
  return (
    <div className="preview-grid" tabIndex={0} role="region" aria-label={t('import.columns')}>
      <table>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col">
                <div className="quiet" style={{ marginBottom: 4 }}>{preview.header[index] ?? `#${index + 1}`}</div>
                <Select<Columns[number]> size="small" style={{ width: 124 }} aria-label={`${t('import.columns')}: ${preview.header[index] ?? index + 1}`} value={column} showSearch={{ optionFilterProp: 'label' }}
                  onChange={(next) => onChange(columns.map((other, at) => (at === index ? next : other === next && next !== 'ignore' ? 'ignore' : other)))}
                  options={IMPORT_COLUMNS.map((value) => ({ value, label: t(`import.column.${value}`) }))} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{preview.rows.map((row, at) => <tr key={at}>{columns.map((column, index) => <td key={index} className={column === 'ignore' ? 'left-out' : ''} title={row[index]}>{row[index]}</td>)}</tr>)}</tbody>
      </table>
    </div>
  )
}
