import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

export interface Column<Row> {
  key: string
  title: string
  /** Stands in the head in the title's place. */
  head?: ReactNode
  /** Any CSS width; one column without it takes the rest. */
  width?: number
  number?: boolean
  cell(row: Row): ReactNode
}

interface TableProps<Row> {
  label: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf(row: Row): string
  onPick?(row: Row): void
  /** Asked for when the end comes near; absent at the end. */
  loadMore?: (() => void) | undefined
  loading: boolean
}

const ROW_PX = 36
const AROUND = 12
/** Of the column that takes the rest: where there is less room the table is scrolled sideways. */
const FLEXIBLE_MIN_PX = 120

/**
 * Rows of a fixed height, of which only those in sight are in the page: a list of a hundred thousand scrolls like one of
 * fifty. Arrow keys (or j and k) move, Enter opens, d calls whom the row is about.
 */
export function WindowedTable<Row>({ label, columns, rows, keyOf, onPick, loadMore, loading }: TableProps<Row>) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ top: 0, height: 900 })
  const first = Math.max(0, Math.floor(sight.top / ROW_PX) - AROUND)
  const last = Math.min(rows.length, Math.ceil((sight.top + sight.height) / ROW_PX) + AROUND)
  useEffect(() => {
    const { current } = box
    if (!current) return undefined
    const look = (): void => setSight({ top: current.scrollTop, height: current.clientHeight })
    const observer = new ResizeObserver(look)
    observer.observe(current)
    current.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      current.removeEventListener('scroll', look)
    }
  }, [])
  useEffect(() => {
    if (loadMore && !loading && last >= rows.length - AROUND) loadMore()
  }, [loadMore, loading, last, rows.length])

  return (
    <div className="table-box" ref={box} onKeyDown={moveFocus}>
      <table className="list" style={{ minWidth: columns.reduce((sum, { width = FLEXIBLE_MIN_PX }) => sum + width, 0) }} aria-label={label} aria-rowcount={loadMore ? -1 : rows.length}>
        <colgroup>{columns.map(({ key, width }) => <col key={key} style={width === undefined ? {} : { width }} />)}</colgroup>
        <thead><tr>{columns.map(({ key, title, head, number }) => <th key={key} scope="col" className={number ? 'number' : ''}>{head ?? title}</th>)}</tr></thead>
        <tbody>
          {first > 0 && <tr className="spacer" aria-hidden><td colSpan={columns.length} style={{ height: first * ROW_PX }} /></tr>}
          {rows.slice(first, last).map((row) => (
            <tr key={keyOf(row)} className={onPick ? 'pick' : ''} onClick={onPick && ((event) => { if (!(event.target as HTMLElement).closest('a, button')) onPick(row) })}>
              {columns.map(({ key, number, cell }) => <td key={key} className={number ? 'number' : ''}>{cell(row)}</td>)}
            </tr>
          ))}
          {last < rows.length && <tr className="spacer" aria-hidden><td colSpan={columns.length} style={{ height: (rows.length - last) * ROW_PX }} /></tr>}
          {loading && <BoneRows columns={columns.length} count={rows.length === 0 ? 12 : 2} />}
        </tbody>
      </table>
      {!loadMore && !loading && rows.length > 20 && <p className="quiet small" style={{ padding: 12, textAlign: 'center' }}>{t('frame.end')}</p>}
    </div>
  )
}

function BoneRows({ columns, count }: { columns: number; count: number }) {
  return Array.from({ length: count }, (_, row) => (
    <tr key={row} aria-hidden>{Array.from({ length: columns }, (_, column) => <td key={column}><span className="bone" style={{ width: `${40 + ((row * 17 + column * 31) % 45)}%` }} /></td>)}</tr>
  ))
}

function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  if (event.key === 'd' && !(event.target as HTMLElement).closest('input, textarea') && !event.ctrlKey && !event.metaKey && !event.altKey) return (event.target as HTMLElement).closest('tr')?.querySelector<HTMLElement>('[data-dial]')?.click()
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  if (step === undefined || (event.target as HTMLElement).closest('input, textarea')) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('.row-link')]
  const next = links[Math.min(links.length - 1, Math.max(0, links.findIndex((link) => link === document.activeElement) + step))]
  if (!next) return
  event.preventDefault()
  next.focus()
}
