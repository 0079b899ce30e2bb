/** Under which names and addresses a machine is reached in its own network. */
import { hostname, networkInterfaces } from 'node:os'

/** As a certificate's subjectAltName states them. DNS names in lower case, addresses as the system writes them. */
export interface ServerNames {
  readonly dns: readonly string[]
  readonly ip: readonly string[]
}

/** IPv4 addresses of this machine that others can reach, with their networks (`192.168.1.5/24`), in the system's order. */
export function ownNetworks(): { address: string; cidr: string }[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address, cidr }) => ({ address, cidr: cidr ?? `${address}/32` }))
}

const DNS_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/

/** Whether a certificate can state this name. */
export const isDnsName = (name: string): boolean => DNS_NAME.test(name) && !/^[\d.]+$/.test(name)

/**
 * Of this machine: its addresses, its name, the name by which mDNS finds it, and itself. `others` are names that a DNS of
 * the network has for it.
 */
export function ownNames(others: readonly string[] = []): ServerNames {
  const own = hostname().toLowerCase()
  const names = ['localhost', own, ...(own.includes('.') ? [] : [`${own}.local`]), ...others.map((name) => name.toLowerCase())]
  return { dns: [...new Set(names.filter(isDnsName))], ip: ['127.0.0.1', ...ownNetworks().map(({ address }) => address)] }
}
