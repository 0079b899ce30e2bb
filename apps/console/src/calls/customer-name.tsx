import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { customerQuery } from '../customers/customer-queries'

const NAMES_KEPT_MS = 10 * 60_000

/** The name of a customer known by id only, as a link; asked for once, and only for rows in sight. */
export function CustomerName({ customerId, className }: { customerId: string; className?: string }) {
  const { data } = useQuery({ ...customerQuery(customerId), staleTime: NAMES_KEPT_MS, retry: false, meta: { static: true } })
  return <Link className={className ?? ''} to="/customers/$customerId" params={{ customerId }} preload={false} title={data?.company ?? undefined}>{data?.name ?? `…${customerId.slice(-6)}`}</Link>
}
