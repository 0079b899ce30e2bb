import { Button, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { LawPack } from './law-pack-queries'
import { Caps, Hours, Registries, SpecialDays } from './pack-lists'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface PackEditorProps {
  pack: LawPack
  /** Null: to be read only. */
  change: ((pack: LawPack) => void) | null
  remove: (() => void) | null
  restore: LawPack | null
}

type Field = keyof LawPack['sources']

/** One place's rules: what holds, and where it comes from. */
export function PackEditor({ pack, change, remove, restore }: PackEditorProps) {
  const { t } = useTranslation('compliance')
  const isFixed = change === null
  const set = (changes: Partial<LawPack>): void => change?.({ ...pack, ...changes })
  const row = (field: Field, value: ReactNode): ReactNode => (
    <tr key={field}>
      <th scope="row">{t(`law.field.${field}`)}</th>
      <td><div className="values">{value}</div></td>
      <td>{isFixed ? pack.sources[field] : <Input.TextArea aria-label={`${t('law.source')}: ${t(`law.field.${field}`)}`} autoSize={{ minRows: 1, maxRows: 6 }} variant="borderless" style={{ padding: 0, fontSize: 12 }} value={pack.sources[field]} onChange={(event) => set({ sources: { ...pack.sources, [field]: event.target.value } })} />}</td>
    </tr>
  )
  const number = (label: string, value: number, save: (value: number) => void, { min, max, unit, step = 1 }: { min: number; max: number; unit: string; step?: number }): ReactNode => (
    <span className="row" style={{ gap: 8 }}><InputNumber aria-label={label} disabled={isFixed} min={min} max={max} step={step} style={{ width: 90 }} value={value} onChange={(next) => { if (next !== null) save(next) }} /><span className="quiet">{unit}</span></span>
  )
  return (
    <div className="stack">
      <div className="row wrap small" style={{ gap: 16 }}>
        <label style={{ flex: '1 1 320px' }}><span className="quiet">{t('law.prefixes')}</span>
          <Select<string[]> mode="tags" disabled={isFixed} style={{ width: '100%' }} maxTagCount={8} value={pack.places.prefixes} onChange={(prefixes) => set({ places: { ...pack.places, prefixes: prefixes.filter((one) => /^\+[1-9]\d{0,4}$/.test(one)) } })} /></label>
        <label style={{ flex: '1 1 320px' }}><span className="quiet">{t('law.zones')}</span>
          <Select<string[]> mode="tags" disabled={isFixed} style={{ width: '100%' }} maxTagCount={4} value={pack.places.zones} onChange={(zones) => set({ places: { ...pack.places, zones } })} /></label>
      </div>
      <table className="pack">
        <thead className="unseen"><tr><th scope="col">{t('law.rule')}</th><th scope="col">{t('law.value')}</th><th scope="col">{t('law.source')}</th></tr></thead>
        <tbody>
          {row('consent', <span>{t('law.consentRule')}</span>)}
          {row('hours', <Hours hours={pack.hours} atLeast={1} change={isFixed ? null : (hours) => set({ hours })} />)}
          {row('specialDays', <SpecialDays days={pack.specialDays} change={isFixed ? null : (specialDays) => set({ specialDays })} />)}
          {row('attemptsPerDayMax', number(t('law.field.attemptsPerDayMax'), pack.attemptsPerDayMax, (attemptsPerDayMax) => set({ attemptsPerDayMax }), { min: 1, max: 20, unit: t('law.times') }))}
          {row('caps', <Caps caps={pack.caps} change={isFixed ? null : (caps) => set({ caps })} />)}
          {row('abandonedLockMs', number(t('law.field.abandonedLockMs'), pack.abandonedLockMs / HOUR_MS, (hours) => set({ abandonedLockMs: Math.round(hours * HOUR_MS) }), { min: 0, max: 8_760, unit: t('law.hoursUnit') }))}
          {row('abandonRate', <>
            {number(t('law.field.abandonRate'), Math.round(pack.abandonRateMax * 1_000) / 10, (percent) => set({ abandonRateMax: percent / 100 }), { min: 0, max: 20, step: 0.1, unit: `% ${t('law.share')}` })}
            {number(t('law.window'), pack.abandonWindowMs / DAY_MS, (days) => set({ abandonWindowMs: Math.round(days * DAY_MS) }), { min: 1, max: 31, unit: t('law.daysUnit') })}
            {number(t('law.connectWithin'), pack.connectWithinMs / 1_000, (seconds) => set({ connectWithinMs: Math.round(seconds * 1_000) }), { min: 0.5, max: 10, step: 0.5, unit: `${t('law.secondsUnit')} · ${t('law.connectWithin')}` })}
          </>)}
          {row('ringTimeMsMin', number(t('law.field.ringTimeMsMin'), pack.ringTimeMsMin / 1_000, (seconds) => set({ ringTimeMsMin: Math.round(seconds * 1_000) }), { min: 0, max: 60, unit: t('law.secondsUnit') }))}
          {row('registries', <Registries registries={pack.registries} change={isFixed ? null : (registries) => set({ registries })} />)}
          {row('announcedCounts', <label className="row" style={{ gap: 8 }}><Switch disabled={isFixed} size="small" checked={pack.announcedCounts} onChange={(announcedCounts) => set({ announcedCounts })} />{t(pack.announcedCounts ? 'law.announced' : 'law.onlyConsent')}</label>)}
          {row('recordingRequired', <label className="row" style={{ gap: 8 }}><Switch disabled={isFixed} size="small" checked={pack.recordingRequired} onChange={(recordingRequired) => set({ recordingRequired })} />{t(pack.recordingRequired ? 'law.required' : 'law.notRequired')}</label>)}
        </tbody>
      </table>
      {!isFixed && <div className="row end">
        {restore && <Button size="small" onClick={() => change({ ...restore, version: pack.version })}>{t('law.restore')}</Button>}
        {remove && <Button size="small" danger onClick={remove}>{t('law.remove')}</Button>}
      </div>}
    </div>
  )
}
