import { useQuery } from '@tanstack/react-query'
import { customerQuery } from '../customers/customer-queries'
import { DialButton } from '../customers/dial-button'

/** Calls the customer of a call, who is known by id only: named by what is in the cache already. */
export function DialAgain({ customerId }: { customerId: string }) {
  const { data } = useQuery({ ...customerQuery(customerId), enabled: false })
  return <DialButton customerId={customerId} name={data?.name ?? null} />
}
