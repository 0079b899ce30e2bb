import { useRouter } from '@tanstack/react-router'
import { Failure } from '../parts/failure'

/** A page that could not be shown: what happened, and a way to try again. */
export function Broken({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter()
  return <div className="page narrow"><Failure error={error} retry={() => { reset(); void router.invalidate() }} /></div>
}
