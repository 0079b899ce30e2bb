import { Input } from 'antd'
import { useState } from 'react'
import { minuteOfDay } from '../words/format'

interface MinuteInputProps {
  id?: string
  label?: string
  /** Minutes since midnight; 1,440 is the end of the day. */
  minutes: number
  onChange: (minutes: number) => void
}

const FORM = /^([01]?\d|2[0-3]):?([0-5]\d)$|^(24):?(00)$/

/** A time of day as 24 hours whatever the browser's country: "9:00", "0930" and "24:00" are understood. */
export function MinuteInput({ id, label, minutes, onChange }: MinuteInputProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const text = typed ?? minuteOfDay(minutes)
  const read = minutesOf(text)
  return (
    <Input {...(id ? { id } : {})} {...(label ? { 'aria-label': label } : {})} className="numbers" inputMode="numeric" placeholder="09:00" maxLength={5} style={{ width: 84 }} status={read === null ? 'error' : ''} value={text}
      onChange={(event) => {
        setTyped(event.target.value)
        const next = minutesOf(event.target.value)
        if (next !== null && event.target.value.length === 5) onChange(next)
      }}
      onBlur={() => { if (read !== null && typed !== null) onChange(read); setTyped(null) }} />
  )
}

/** Minutes since midnight, or null when the text is no time of day. */
export function minutesOf(text: string): number | null {
  const [, hours, minutes, end] = FORM.exec(text.trim()) ?? []
  if (end !== undefined) return 1_440
  return hours === undefined || minutes === undefined ? null : Number(hours) * 60 + Number(minutes)
}
