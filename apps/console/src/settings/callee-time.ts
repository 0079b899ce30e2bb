import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { calleeClockQuery } from './setting-queries'

/** Where most callees are; each customer's own zone counts for the customer. */
export const CALLEE_ZONE = 'Asia/Shanghai'
const MINUTE_MS = 60_000

/** What counts as now at the callees, unix ms, moved on with each minute; and by how much it differs from real time. */
export function useCalleeNow(): { now: number; offsetMs: number } {
  const { data } = useQuery(calleeClockQuery)
  const offsetMs = data?.offsetMs ?? 0
  const [real, setReal] = useState(() => Date.now())
  useEffect(() => {
    // At once as well: a shift of the clock shows now, not with the next minute.
    let timer = setTimeout(tick, 0)
    function tick(): void {
      setReal(Date.now())
      timer = setTimeout(tick, untilNextMinute())
    }
    function untilNextMinute(): number {
      return MINUTE_MS - ((Date.now() + offsetMs) % MINUTE_MS) + 20
    }
    return () => clearTimeout(timer)
  }, [offsetMs])
  return { now: real + offsetMs, offsetMs }
}

/** The offset that makes it "HH:MM" of the same day in the callees' zone, ms. */
export function offsetFor(hhmm: string, realNow: number): number {
  const [hours = 0, minutes = 0] = hhmm.split(':').map(Number)
  const text = new Intl.DateTimeFormat('en-GB', { timeZone: CALLEE_ZONE, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(realNow)
  const [h = 0, m = 0, s = 0] = text.split(':').map(Number)
  return ((hours * 60 + minutes) * 60 - (h * 60 + m) * 60 - s) * 1_000
}
