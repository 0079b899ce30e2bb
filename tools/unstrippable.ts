/** Files whose types Node cannot strip, each with Node's reason and the place. */
export function unstrippable(files: readonly { path: string; text: string }[], strip: (text: string) => string): { path: string; because: string }[] {
  return files.flatMap(({ path, text }) => {
    try {
      strip(text)
      return []
    } catch (error) {
      return [{ path, because: error instanceof Error ? error.message : String(error) }]
    }
  })
}
