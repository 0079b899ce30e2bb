import { useTranslation } from 'react-i18next'

/** Numbers, instants and spans as the language writes them. Instants are shown in the browser's zone unless one is named. */
export interface Format {
  number(value: number, digits?: number): string
  percent(share: number): string
  /** "10:12:03" today, "11-21 10:12" in this year, with the year before. */
  instant(at: string | number): string
  time(at: string | number, timeZone?: string): string
  day(at: string | number): string
  /** "3 minutes ago" within a day, the day before that. */
  since(at: string | number): string
  seconds(ms: number): string
  /** "2 min" of seconds left. */
  span(seconds: number): string
}

const made = new Map<string, Format>()

export function useFormat(): Format {
  const { i18n } = useTranslation()
  return formatOf(i18n.language)
}

export function formatOf(language: string): Format {
  const known = made.get(language)
  if (known) return known
  const format = makeFormat(language)
  made.set(language, format)
  return format
}

function makeFormat(language: string): Format {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const day = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric' })
  const shortDay = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' })
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const span = (unit: string) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 })
  const hourMinute = (at: Date, timeZone?: string): string =>
    new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...(timeZone ? { timeZone } : {}) }).format(at)
  const dayText = (at: Date): string => (at.getFullYear() === new Date().getFullYear() ? shortDay : day).format(at)
  return {
    number: (value, digits = 0) => (digits === 0 ? whole : new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value),
    percent: (value) => share.format(value),
    instant(at) {
      const date = new Date(at)
      return isToday(date) ? clock.format(date) : `${dayText(date)} ${hourMinute(date)}`
    },
    time: (at, timeZone) => hourMinute(new Date(at), timeZone),
    day: (at) => dayText(new Date(at)),
    since(at) {
      const seconds = (Date.now() - new Date(at).getTime()) / 1_000
      if (seconds < 60) return language.startsWith('zh') ? '刚刚' : 'just now'
      if (seconds < 3_600) return relative.format(-Math.floor(seconds / 60), 'minute')
      if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3_600), 'hour')
      if (seconds < 7 * 86_400) return relative.format(-Math.floor(seconds / 86_400), 'day')
      return dayText(new Date(at))
    },
    seconds: (ms) => span('second').format(Math.round(ms / 1_000)),
    span: (seconds) => (seconds < 60 ? span('second').format(seconds) : seconds < 3_600 ? span('minute').format(seconds / 60) : span('hour').format(seconds / 3_600)),
  }
}

function isToday(date: Date): boolean {
  const now = new Date()
  return date.getDate() === now.getDate() && now.getTime() - date.getTime() < 86_400_000 && date.getTime() <= now.getTime() + 86_400_000
}

/** "09:00" for minutes of the day. */
export function minuteOfDay(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}
