import { useEffect } from 'react'

/** Alt with a key, wherever the person types: by the place of the key, so that it is the same in every layout. */
export function useAltKeys(keys: Partial<Record<string, () => void>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const act = event.altKey && !event.ctrlKey && !event.metaKey && !event.repeat ? keys[event.code] : undefined
      if (!act) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  })
}
