import { CUSTOMER_STATUSES, INTENTS } from '@loopline/vocabulary/customer'
import type { Consent, CustomerStatus, Intent, Level } from '@loopline/vocabulary/customer'
import type { TeamId, UserId } from '@loopline/vocabulary/ids'
import { parsePhone } from '../customer/phone-number.ts'
import { isTimeZone } from '../customer/time-zone.ts'
import type { ImportColumn, RowFault } from './import-column.ts'

/** One row of a file, understood. Null is what the row does not say. */
export interface ImportedRow {
  /** As people count: 1 is the first line of the file, header included. */
  number: number
  name: string
  company: string | null
  /** E.164, at least one, in clear: this object lives in memory for one batch only. */
  phones: string[]
  level: Level | null
  status: CustomerStatus | null
  tags: string[] | null
  region: string | null
  industry: string | null
  intent: Intent | null
  timeZone: string | null
  owner: { userId: UserId; teamId: TeamId | null } | null
  marketing: Consent | null
  recording: Consent | null
  consentSource: string | null
  consentAt: Date | null
}

export interface RowError {
  row: number
  column: ImportColumn | null
  code: RowFault
  /** Whether the row was kept without the faulty cell. */
  kept: boolean
}

export interface Reading {
  columns: readonly ImportColumn[]
  /** People by id and by name. */
  people: ReadonlyMap<string, { userId: UserId; teamId: TeamId | null }>
  errors: RowError[]
}

const TEXT_MAX: Partial<Record<ImportColumn, number>> = { name: 200, company: 200, region: 100, industry: 100, consentSource: 200 }
const STATUS_WORDS: Readonly<Record<string, CustomerStatus>> = { 新客户: 'new', 新: 'new', 跟进中: 'following', 有意向: 'interested', 已成交: 'won', 成交: 'won', 已流失: 'lost', 流失: 'lost', 无效: 'invalid' }
const INTENT_WORDS: Readonly<Record<string, Intent>> = { 高: 'high', 中: 'medium', 低: 'low', 无: 'none', 高意向: 'high', 中意向: 'medium', 低意向: 'low', 无意向: 'none', 未知: 'unknown' }
const YES = /^(是|同意|已同意|y|yes|true|1|granted|√)$/i
const NO = /^(否|不同意|拒绝|已拒绝|n|no|false|0|refused|×)$/i

/** Reads one row; null when nothing can be kept of it, with the reason among the errors. */
export function readRow(cells: readonly string[], number: number, reading: Reading): ImportedRow | null {
  const row: ImportedRow = {
    number, name: '', company: null, phones: [], level: null, status: null, tags: null, region: null, industry: null, intent: null,
    timeZone: null, owner: null, marketing: null, recording: null, consentSource: null, consentAt: null,
  }
  let badPhone: ImportColumn | null = null
  for (let at = 0; at < reading.columns.length; at++) {
    const column = reading.columns[at] as ImportColumn
    if (column === 'ignore') continue
    const cell = cleanCell(cells[at] ?? '')
    if (cell === '') continue
    const fault = readCell(row, column, cell, reading)
    if (!fault) continue
    if (fault === 'PHONE_INVALID') badPhone = column
    else reading.errors.push({ row: number, column, code: fault, kept: true })
  }
  return usable(row, badPhone, reading)
}

function usable(row: ImportedRow, badPhone: ImportColumn | null, { errors }: Reading): ImportedRow | null {
  const { number } = row
  if (row.phones.length === 0) {
    errors.push({ row: number, column: badPhone ?? 'phone', code: badPhone ? 'PHONE_INVALID' : 'PHONE_MISSING', kept: false })
    return null
  }
  if (row.name === '' && row.company !== null) row.name = row.company
  if (row.name === '') {
    errors.push({ row: number, column: 'name', code: 'NAME_MISSING', kept: false })
    return null
  }
  if (badPhone) errors.push({ row: number, column: badPhone, code: 'PHONE_INVALID', kept: true })
  return row
}

/** Spaces around, and the apostrophe that spreadsheets put before what looks like a formula. */
function cleanCell(cell: string): string {
  const text = cell.trim()
  return text.charCodeAt(0) === 39 && /^'[=+\-@\t\d]/.test(text) ? text.slice(1) : text
}

function readCell(row: ImportedRow, column: ImportColumn, cell: string, { people }: Reading): RowFault | null {
  const lengthMax = TEXT_MAX[column]
  if (lengthMax !== undefined && cell.length > lengthMax) return 'TOO_LONG'
  switch (column) {
    case 'name': case 'company': case 'region': case 'industry': case 'consentSource': row[column] = cell; return null
    case 'phone': case 'phone2': case 'phone3': return readPhone(row, cell)
    case 'level': return readLevel(row, cell)
    case 'status': row.status = CUSTOMER_STATUSES.find((status) => status === cell.toLowerCase()) ?? STATUS_WORDS[cell] ?? null; return row.status ? null : 'STATUS_UNKNOWN'
    case 'intent': row.intent = INTENTS.find((intent) => intent === cell.toLowerCase()) ?? INTENT_WORDS[cell] ?? null; return row.intent ? null : 'INTENT_UNKNOWN'
    case 'tags': row.tags = tagsIn(cell); return null
    case 'timeZone': row.timeZone = isTimeZone(cell) ? cell : null; return row.timeZone ? null : 'TIME_ZONE_UNKNOWN'
    case 'owner': row.owner = people.get(cell) ?? null; return row.owner ? null : 'OWNER_UNKNOWN'
    case 'marketingConsent': row.marketing = consentIn(cell); return row.marketing ? null : 'CONSENT_UNKNOWN'
    case 'recordingConsent': row.recording = consentIn(cell); return row.recording ? null : 'CONSENT_UNKNOWN'
    case 'consentAt': row.consentAt = dateIn(cell); return row.consentAt ? null : 'CONSENT_UNKNOWN'
    case 'ignore': return null
  }
}

function readPhone(row: ImportedRow, cell: string): RowFault | null {
  const phone = parsePhone(cell)
  if (!phone) return 'PHONE_INVALID'
  const digits = phone.reveal()
  if (!row.phones.includes(digits)) row.phones.push(digits)
  return null
}

function readLevel(row: ImportedRow, cell: string): RowFault | null {
  const level = cell.charAt(0).toUpperCase()
  if (!/^[A-D](级|类)?$/i.test(cell)) return 'LEVEL_UNKNOWN'
  row.level = level as Level
  return null
}

function tagsIn(cell: string): string[] {
  return [...new Set(cell.split(/[,，;；|、/]/).map((tag) => tag.trim()).filter((tag) => tag !== '' && tag.length <= 50))].slice(0, 50)
}

function consentIn(cell: string): Consent | null {
  if (YES.test(cell)) return 'granted'
  return NO.test(cell) ? 'refused' : /^(未知|unknown)$/i.test(cell) ? 'unknown' : null
}

/** 2026-01-05, 2026/1/5, 2026年1月5日, with or without a time; a day without a zone is China's. */
function dateIn(cell: string): Date | null {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(cell)
  if (!match) {
    const at = /^\d{4}-\d{2}-\d{2}T/.test(cell) ? Date.parse(cell) : Number.NaN
    return Number.isNaN(at) ? null : new Date(at)
  }
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number, number, number]
  const at = new Date(Date.UTC(year, month - 1, day, hour - 8, minute, second))
  const isReal = month >= 1 && month <= 12 && day >= 1 && new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
  return isReal ? at : null
}
