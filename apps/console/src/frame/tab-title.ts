/** What the browser's tab says: the place, and before it the state of the telephone, for who looks at another tab. */
let place = ''
let phone: string | null = null

function show(): void {
  document.title = `${phone === null ? '' : `${phone} · `}${place} · Loopline`
}

export function titlePlace(title: string): void {
  place = title
  show()
}

/** Null when there is nothing to say. */
export function titlePhone(state: string | null): void {
  phone = state
  show()
}
