/** Reads `--name value` and `--flag` from a command line, with defaults; an unknown name is refused. */
export function readArguments<Defaults extends Record<string, string | number | boolean>>(argv: string[], defaults: Defaults): Defaults {
  const values: Record<string, string | number | boolean> = { ...defaults }
  for (let index = 0; index < argv.length; index += 1) {
    const name = (argv[index] as string).replace(/^--/, '')
    const fallback = defaults[name]
    if (fallback === undefined) throw new Error(`unknown argument --${name}; known: ${Object.keys(defaults).map((known) => `--${known}`).join(' ')}`)
    if (typeof fallback === 'boolean') {
      values[name] = true
      continue
    }
    index += 1
    const text = argv[index]
    if (text === undefined) throw new Error(`--${name} wants a value`)
    values[name] = typeof fallback === 'number' ? Number(text) : text
  }
  return values as Defaults
}
