const BROWSERS = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['MicroMessenger/', '微信'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']] as const
const SYSTEMS = [['Windows', 'Windows'], ['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Mac OS', 'macOS'], ['Linux', 'Linux']] as const

/** What a browser says of itself, in two words a person knows; null when it says nothing that we know. */
export function deviceOf(userAgent: string | null): string | null {
  if (userAgent === null) return null
  const [browser, system] = [BROWSERS, SYSTEMS].map((known) => known.find(([sign]) => userAgent.includes(sign))?.[1])
  return [browser, system].filter(Boolean).join(' · ') || null
}
