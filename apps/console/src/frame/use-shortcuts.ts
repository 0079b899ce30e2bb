import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMe } from '../session/me'
import { PLACES } from './places'

const GO_WITHIN_MS = 1_500

/** `/` searches, `g` and a letter go to a place, `?` helps. Never while somebody types or a dialog is open. */
export function useShortcuts({ search, help }: { search: () => void; help: () => void }): void {
  const navigate = useNavigate()
  const { can } = useMe()
  useEffect(() => {
    let goUntil = 0
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]')) return
      const place = performance.now() < goUntil ? PLACES.find(({ key, may }) => key === event.key && can[may] !== undefined) : undefined
      goUntil = event.key === 'g' ? performance.now() + GO_WITHIN_MS : 0
      if (place) void navigate({ to: place.to })
      else if (event.key === '/') search()
      else if (event.key === '?') help()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [navigate, can, search, help])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
