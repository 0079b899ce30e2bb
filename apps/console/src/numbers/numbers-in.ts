export interface PastedNumber {
  number: string
  region?: string
  note?: string
}

/**
 * The numbers of a pasted text or a CSV file: one a line, then its place and a note, after commas, semicolons or tabs of either
 * script. A first line without digits is a heading; quotes around a cell go.
 */
export function numbersIn(text: string): PastedNumber[] {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/).map((row) => row.split(/[,;\t，；]/).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1').trim()))
  return rows.filter(([number = '']) => number !== '').flatMap(([number = '', region = '', ...notes], index) => {
    if (index === 0 && !/\d/.test(number)) return []
    const note = notes.filter((each) => each !== '').join(' ')
    return [{ number, ...(region !== '' && { region }), ...(note !== '' && { note }) }]
  })
}
