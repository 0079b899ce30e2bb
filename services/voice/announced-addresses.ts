/**
 * Decides which address of ours a session description names: the one that whoever reads it can reach. A carrier on the
 * private side of a router must not be told the public address, nor a seller at home the private one.
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import { ownNetworks } from '@loopline/tls/server-names'

/** `network` in CIDR form, or `default`. */
interface Announcement {
  readonly network: string
  readonly address: string
}

const AUTO = 'auto'
const DEFAULT = 'default'
const LOOPBACK = { network: '127.0.0.0/8', address: '127.0.0.1' } as const
/** A laptop that changes its network is announced anew within this. */
const OWN_KNOWN_FOR_MS = 5_000

/** What is wrong with a setting such as `203.0.113.7`, `auto` or `10.0.0.0/8=10.0.0.5,default=203.0.113.7`; null when nothing is. */
export function faultOf(setting: string): string | null {
  if (setting === AUTO || isIPv4(setting)) return null
  const parts = setting.split(',').map(partOf)
  for (const { network, address } of parts) {
    if (!isIPv4(address)) return `${address === '' ? 'nothing' : address} is no IPv4 address`
    if (network !== DEFAULT && !isNetwork(network)) return `${network} is no network such as 10.0.0.0/8`
  }
  if (new Set(parts.map(({ network }) => network)).size < parts.length) return 'a network is named twice'
  return parts.some(({ network }) => network === DEFAULT) ? null : 'the others need a `default=` address'
}

/** Whether media must listen on more than one address of this machine. */
export const isSeveral = (setting: string): boolean => !isIPv4(setting)

function partOf(text: string): Announcement {
  const [network = '', address = ''] = text.trim().split('=')
  return { network: network.trim(), address: address.trim() }
}

function isNetwork(text: string): boolean {
  const [address = '', prefix = '', more] = text.split('/')
  return isIPv4(address) && /^\d{1,2}$/.test(prefix) && Number(prefix) <= 32 && more === undefined
}

export class AnnouncedAddresses {
  readonly #setting: string
  #known: readonly Matcher[] = []
  #knownUntil = -Infinity

  /** @param setting one in which `faultOf` finds nothing. */
  constructor(setting: string) {
    this.#setting = setting
  }

  /** For whoever is at `peer`, an address; a name or what is unknown gets the default. */
  of(peer: string): string {
    return this.#best(peer).address
  }

  /** All that may reach us from `peer`, the likeliest first. The loopback is told to nobody who is not there himself. */
  all(peer: string): string[] {
    const best = this.of(peer)
    const others = this.#matchers().map(({ address }) => address).filter((address) => this.#setting !== AUTO || address !== LOOPBACK.address)
    return [...new Set([best, ...others])]
  }

  /** Of several networks the narrowest. */
  #best(peer: string): Announcement {
    const matchers = this.#matchers()
    const host = peer.replace(/^::ffff:/i, '')
    const found = isIP(host) === 4 ? matchers.find(({ has }) => has(host)) : undefined
    return found ?? (matchers.find(({ network }) => network === DEFAULT) as Matcher)
  }

  #matchers(): readonly Matcher[] {
    const now = performance.now()
    if (now >= this.#knownUntil) {
      this.#known = announcementsOf(this.#setting).map(matcherOf).toSorted((a, b) => b.width - a.width)
      this.#knownUntil = this.#setting === AUTO ? now + OWN_KNOWN_FOR_MS : Infinity
    }
    return this.#known
  }
}

interface Matcher extends Announcement {
  /** Bits of the network's prefix; the default has fewer than any. */
  readonly width: number
  has(host: string): boolean
}

function matcherOf({ network, address }: Announcement): Matcher {
  if (network === DEFAULT) return { network, address, width: -1, has: () => false }
  const [base = '', prefix = ''] = network.split('/')
  const list = new BlockList()
  list.addSubnet(base, Number(prefix))
  return { network, address, width: Number(prefix), has: (host) => list.check(host) }
}

function announcementsOf(setting: string): Announcement[] {
  if (setting !== AUTO) return isIPv4(setting) ? [{ network: DEFAULT, address: setting }] : setting.split(',').map(partOf)
  const own = ownNetworks().map(({ cidr, address }) => ({ network: cidr, address }))
  return [...own, LOOPBACK, { network: DEFAULT, address: own[0]?.address ?? LOOPBACK.address }]
}
