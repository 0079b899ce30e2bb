import type { ReactNode } from 'react'

/** A label, its input, and a hint or a fault below. */
export function Field({ label, id, hint, required, children }: { label: string; id: string; hint?: string | undefined; required?: boolean; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} style={{ display: 'block', fontSize: 13, color: 'var(--ink-2)', marginBottom: 4 }}>{label}{required && <span aria-hidden style={{ color: 'var(--alarm)' }}> *</span>}</label>
      {children}
      {hint && <div className="quiet small" style={{ marginTop: 4 }}>{hint}</div>}
    </div>
  )
}
