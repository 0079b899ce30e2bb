import { Input, Select } from 'antd'
import { useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { errorText } from '../words/reason'

interface InPlaceProps<Value> {
  label: string
  value: Value
  /** How it is read when nobody edits; absent: nothing may be shown but the invitation to fill it in. */
  shown: ReactNode
  may: boolean
  save: (value: Value) => Promise<void>
}

/** A text that turns into its editor where it stands. What is typed stays until the server has it or Esc drops it. */
export function InPlaceText({ label, value, shown, may, save }: InPlaceProps<string | null>) {
  const [draft, setDraft] = useState<string | null>(null)
  const opened = useRef(save)
  const saving = useSaving(opened, () => setDraft(null))
  const finish = (): void => {
    if (draft === null || saving.busy) return
    const next = draft.trim() === '' ? null : draft.trim()
    if (next === value) setDraft(null)
    else saving.start(next)
  }
  if (draft === null) return <Reading label={label} shown={shown} may={may} open={() => { opened.current = save; setDraft(value ?? '') }} />
  return (
    <div>
      <Input autoFocus size="small" aria-label={label} aria-invalid={saving.error !== null} status={saving.error ? 'error' : ''} value={draft} disabled={saving.busy}
        onChange={(event) => setDraft(event.target.value)} onBlur={finish}
        onKeyDown={(event) => { if (event.key === 'Enter') finish(); if (event.key === 'Escape') { saving.forget(); setDraft(null) } }} />
      {saving.error !== null && <Refused error={saving.error} />}
    </div>
  )
}

interface ChoiceProps<Value> extends InPlaceProps<Value> {
  options: { value: string; label: ReactNode }[]
  mode?: 'tags'
  /** The option that stands for null. */
  nothing?: string
}

/** One of a list, or words, chosen where the value stands. */
export function InPlaceChoice<Value extends string | string[] | null>({ label, value, shown, may, save, options, mode, nothing }: ChoiceProps<Value>) {
  const [open, setOpen] = useState(false)
  const [words, setWords] = useState<string[] | null>(null)
  const opened = useRef(save)
  const saving = useSaving(opened, () => { setOpen(false); setWords(null) })
  if (!open) return <Reading label={label} shown={shown} may={may} open={() => { opened.current = save; setOpen(true) }} />
  const close = (): void => {
    if (saving.busy) return
    if (words && JSON.stringify(words) !== JSON.stringify(value)) saving.start(words as Value)
    else setOpen(false)
  }
  return (
    <div>
      <Select autoFocus defaultOpen size="small" aria-label={label} style={{ width: '100%' }} loading={saving.busy} options={options} showSearch={{ optionFilterProp: 'label' }} {...(mode ? { mode } : {})}
        value={(words ?? value ?? nothing ?? null) as string} onBlur={close}
        onChange={(chosen: string | string[]) => { if (Array.isArray(chosen)) setWords(chosen); else saving.start((chosen === nothing ? null : chosen) as Value) }}
        onKeyDown={(event) => { if (event.key === 'Escape') { saving.forget(); setWords(null); setOpen(false) } }} />
      {saving.error !== null && <Refused error={saving.error} />}
    </div>
  )
}

function Reading({ label, shown, may, open }: { label: string; shown: ReactNode; may: boolean; open: () => void }) {
  const { t } = useTranslation()
  if (!may) return <span className="in-place fixed">{shown || <span className="quiet">{t('frame.none')}</span>}</span>
  // What is heard is what is seen with the field's name before it: a label of its own would hide the value.
  return (
    <button type="button" className="plain in-place" onClick={open}>
      <span className="unseen">{t('frame.edit')}: {label} </span>{shown || <span className="quiet">{t('customer.record.empty')}</span>}
    </button>
  )
}

function Refused({ error }: { error: unknown }) {
  const { i18n } = useTranslation()
  const { text, code } = errorText(i18n, error)
  return <div role="alert" className="small" style={{ color: 'var(--alarm)' }}>{text} <code>{code}</code></div>
}

/**
 * `opened` saves on top of the record as it was when the editor opened: what push brought since was not before the person's
 * eyes, and must come up as a conflict.
 */
function useSaving<Value>(opened: { readonly current: (value: Value) => Promise<void> }, onSaved: () => void) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  return {
    busy, error,
    forget: () => setError(null),
    start(value: Value) {
      setBusy(true)
      setError(null)
      opened.current(value).then(onSaved, setError).finally(() => setBusy(false))
    },
  }
}
