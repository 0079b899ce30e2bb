import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { MinuteInput } from '../parts/minute-input'
import { minuteOfDay } from '../words/format'
import type { LawPack } from './law-pack-queries'

type Change<List> = ((list: List) => void) | null
const UNITS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const
type Unit = keyof typeof UNITS

const replaced = <One,>(list: readonly One[], index: number, one: One): One[] => list.map((old, place) => (place === index ? one : old))
const without = <One,>(list: readonly One[], index: number): One[] => list.filter((_, place) => place !== index)

function Remove({ label, act }: { label: string; act: () => void }) {
  const { t } = useTranslation('compliance')
  return <Button type="text" size="small" icon={<CloseOutlined />} aria-label={`${t('law.remove')}: ${label}`} onClick={act} />
}

function Add({ text, act }: { text: string; act: () => void }) {
  return <Button type="dashed" size="small" icon={<PlusOutlined />} onClick={act}>{text}</Button>
}

/** Windows of the day; without any, nobody is called. */
export function Hours({ hours, change, atLeast = 0 }: { hours: LawPack['hours']; change: Change<LawPack['hours']>; atLeast?: number }) {
  const { t } = useTranslation('compliance')
  if (!change) return <span className="numbers">{hours.map(({ fromMinute, toMinute }) => `${minuteOfDay(fromMinute)}–${minuteOfDay(toMinute)}`).join(', ') || t('law.closed')}</span>
  return (
    <>
      {hours.length === 0 && <span className="quiet">{t('law.closed')}</span>}
      {hours.map((window, index) => (
        <span key={`${window.fromMinute}-${window.toMinute}-${hours.length}`} className="row" style={{ gap: 6 }}>
          <MinuteInput label={t('law.from')} minutes={window.fromMinute} onChange={(fromMinute) => { if (fromMinute < window.toMinute) change(replaced(hours, index, { ...window, fromMinute })) }} />–
          <MinuteInput label={t('law.to')} minutes={window.toMinute} onChange={(toMinute) => { if (toMinute > window.fromMinute) change(replaced(hours, index, { ...window, toMinute })) }} />
          {hours.length > atLeast && <Remove label={minuteOfDay(window.fromMinute)} act={() => change(without(hours, index))} />}
        </span>
      ))}
      <Add text={t('law.addWindow')} act={() => change([...hours, { fromMinute: 540, toMinute: 1_080 }])} />
    </>
  )
}

/** Days with hours of their own: weekdays, holidays by date. */
export function SpecialDays({ days, change }: { days: LawPack['specialDays']; change: Change<LawPack['specialDays']> }) {
  const { t } = useTranslation('compliance')
  if (days.length === 0 && !change) return <span className="quiet">{t('law.none')}</span>
  return (
    <>
      {days.map((day, index) => {
        const set = (changes: Partial<typeof day>): void => change?.(replaced(days, index, { ...day, ...changes }))
        return (
          <div key={index} className="values panel" style={{ padding: 10, width: '100%' }}>
            <Select<number[]> mode="multiple" disabled={!change} aria-label={t('law.weekdays')} placeholder={t('law.weekdays')} style={{ width: '100%' }} value={day.weekdays} onChange={(weekdays) => set({ weekdays })} options={[1, 2, 3, 4, 5, 6, 7].map((value) => ({ value, label: t(`law.weekday.${value as 1}`) }))} />
            <Select<string[]> mode="tags" disabled={!change} aria-label={t('law.dates')} placeholder={`${t('law.dates')}：${t('law.datesHint')}`} style={{ width: '100%' }} value={day.dates} onChange={(dates) => set({ dates: dates.filter((date) => /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date))) })} />
            <Hours hours={day.hours} change={change && ((hours) => set({ hours }))} />
            {change && <Remove label={t('law.field.specialDays')} act={() => change(without(days, index))} />}
          </div>
        )
      })}
      {change && <Add text={t('law.addDays')} act={() => change([...days, { weekdays: [], dates: [], hours: [] }])} />}
    </>
  )
}

/** The largest unit in which the window is a whole number. */
const unitOf = (windowMs: number): Unit => (windowMs % UNITS.days === 0 ? 'days' : windowMs % UNITS.hours === 0 ? 'hours' : 'minutes')

export function Caps({ caps, change }: { caps: LawPack['caps']; change: Change<LawPack['caps']> }) {
  const { t } = useTranslation('compliance')
  return (
    <>
      {caps.length === 0 && <span className="quiet">{t('law.none')}</span>}
      {caps.map((cap, index) => {
        const unit = cap.windowMs === UNITS.days ? 'hours' : unitOf(cap.windowMs)
        const set = (changes: Partial<typeof cap>): void => change?.(replaced(caps, index, { ...cap, ...changes }))
        return (
          <span key={index} className="row wrap" style={{ gap: 6 }}>
            <InputNumber aria-label={t('law.calls')} disabled={!change} min={1} max={20} style={{ width: 66 }} value={cap.max} onChange={(max) => { if (max !== null) set({ max }) }} />{t('law.calls')} {t('law.per')}
            <InputNumber aria-label={t('law.window')} disabled={!change} min={1} max={999} style={{ width: 72 }} value={cap.windowMs / UNITS[unit]} onChange={(count) => { if (count !== null) set({ windowMs: Math.min(31 * UNITS.days, count * UNITS[unit]) }) }} />
            <Select<Unit> aria-label={t('law.window')} disabled={!change} style={{ width: 92 }} value={unit} onChange={(next) => set({ windowMs: Math.min(31 * UNITS.days, (cap.windowMs / UNITS[unit]) * UNITS[next]) })} options={(Object.keys(UNITS) as Unit[]).map((value) => ({ value, label: t(`law.unit.${value}`) }))} />
            {change && <Remove label={t('law.field.caps')} act={() => change(without(caps, index))} />}
          </span>
        )
      })}
      <span className="quiet small">{t('law.capsHint')}</span>
      {change && <Add text={t('law.addCap')} act={() => change([...caps, { windowMs: UNITS.days, max: 3 }])} />}
    </>
  )
}

export function Registries({ registries, change }: { registries: LawPack['registries']; change: Change<LawPack['registries']> }) {
  const { t } = useTranslation('compliance')
  return (
    <>
      {registries.length === 0 && <span className="quiet">{t('law.none')}</span>}
      {registries.map((one, index) => {
        const set = (changes: Partial<typeof one>): void => change?.(replaced(registries, index, { ...one, ...changes }))
        return (
          <span key={index} className="row wrap" style={{ gap: 6 }}>
            <Input aria-label={t('law.registry')} placeholder={t('law.registry')} disabled={!change} maxLength={40} style={{ width: 110 }} value={one.registry} onChange={(event) => set({ registry: event.target.value })} />
            {t('law.ageMax')}<InputNumber aria-label={t('law.ageMax')} disabled={!change} min={1} max={366} style={{ width: 66 }} value={one.ageDaysMax} onChange={(ageDaysMax) => { if (ageDaysMax !== null) set({ ageDaysMax }) }} />{t('law.daysUnit')}
            <Select<'block' | 'warn'> aria-label={t('law.ageMax')} disabled={!change} style={{ width: 168 }} value={one.whenOld} onChange={(whenOld) => set({ whenOld })} options={(['block', 'warn'] as const).map((value) => ({ value, label: t(`law.whenOld.${value}`) }))} />
            {change && <Remove label={one.registry} act={() => change(without(registries, index))} />}
          </span>
        )
      })}
      {change && <Add text={t('law.addRegistry')} act={() => change([...registries, { registry: '', ageDaysMax: 31, whenOld: 'block' }])} />}
    </>
  )
}
