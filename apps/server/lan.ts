/** Decides what `--lan` means: who may come in, by which certificate, and what a person has to know to come. */
import { keepCertificate, type InstallationCertificate, type RenewalReason } from '@loopline/tls/installation-certificate'
import { ownNames } from '@loopline/tls/server-names'
import type { Logger } from '@loopline/telemetry/logger'
import type { ServerConfig } from './config.ts'
import type { Home } from './home.ts'

export type LanCertificate = InstallationCertificate

const LOOPBACK = '127.0.0.1'

/** With `--lan` the gateway listens everywhere unless an address was given, and voice is announced where each telephone is. */
export function lanConfig(config: ServerConfig, certificate: LanCertificate | null): ServerConfig {
  return {
    ...config,
    HOST: config.HOST === LOOPBACK ? '0.0.0.0' : config.HOST,
    MEDIA_ADDRESS: config.MEDIA_ADDRESS || 'auto',
    ...(certificate === null ? {} : { TLS_CERT: certificate.file, TLS_KEY: certificate.file }),
  }
}

const RENEWED: Record<RenewalReason, string> = {
  names: "This machine's names or addresses changed; the certificate was made anew. Nobody has to do anything.",
  age: 'The certificate was renewed. Nobody has to do anything.',
  authority: 'The certificate was made anew by another authority: everybody has to trust it once more.',
}

/** The certificate of the installation's own authority, kept good while we run. `names`: further ones, separated by commas. */
export function lanCertificate(home: Home, { names, log, say }: { names: string; log: Logger; say: (text: string) => void }): Promise<LanCertificate> {
  const others = names.split(',').map((name) => name.trim()).filter((name) => name !== '')
  return keepCertificate({
    folder: home.tlsDir, names: () => ownNames(others), now: () => Date.now(),
    onRenewed(why) {
      log.info({ why }, 'the certificate was made anew')
      say(RENEWED[why])
    },
    onFailed: (error) => log.error({ err: error }, 'the certificate could not be made anew; the old one stays'),
  })
}

/** What a person reads who wants others to come in. */
export function howToReach({ addresses, authority }: { addresses: readonly string[]; authority: LanCertificate | null }, { demo }: { demo: boolean }): string {
  const lines = [
    '\nIn this network Loopline is reached at', ...addresses.map((address) => `  ${address}`),
    ...(demo ? ['Everybody here can sign in with the passwords above: show the demo only to people you trust.'] : []),
  ]
  if (authority === null) return `${lines.join('\n')}\n`
  return [
    ...lines, '',
    "Browsers warn until they trust this installation's own authority, which signs for private networks and this machine only.",
    `  once on each computer: open ${addresses[0] ?? ''}/ca.crt, compare SHA-256, install it as a trusted root authority`,
    `  SHA-256 ${authority.authorityFingerprint}`,
    `  file    ${authority.authorityFile}`,
    'Going on past the warning works too: voice needs https, not trust. How, for each system: docs/network.md', '',
  ].join('\n')
}
