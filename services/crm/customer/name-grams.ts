import { pinyin } from 'pinyin-pro'

/**
 * The words under which a customer is found, for a GIN index over text[]. Three kinds share the array and cannot be
 * mistaken for one another:
 *  - Chinese: each character of the name, each pair of neighbours in name and company (张, 伟, 张伟);
 *  - initials in upper case: pairs of neighbouring pinyin initials of name and company (ZW);
 *  - Latin in lower case: trigrams of Latin words and of the name's pinyin, and the first two letters (zh, zha, han).
 * A company gives no full pinyin: 25 more entries per row would double what an import costs the index. A word may come
 * twice; the index keeps it once, and looking for that here costs more than it saves.
 */
export function gramsOf(name: string, company: string | null): string[] {
  const grams: string[] = []
  addName(grams, normal(name))
  if (company !== null && company !== '') addCompany(grams, normal(company))
  return grams
}

/** What a search asks of the index: any one of the alternatives, each with all of its words. Empty: nothing to ask for. */
export function gramsToFind(search: string): string[][] {
  const text = withoutForm(normal(search).replaceAll(/\s+/g, ''))
  if (text === '') return []
  const han = HAN_RUN.test(text)
  if (!han) return latinAlternatives(text)
  const grams: string[] = []
  for (const [run] of text.matchAll(/\p{Script=Han}+/gu)) {
    const characters = [...run]
    if (characters.length === 1) grams.push(run)
    addPairs(grams, characters)
  }
  for (const [word] of text.matchAll(LATIN_WORDS)) addTrigrams(grams, word)
  return [grams]
}

const HAN_RUN = /\p{Script=Han}/u
const LATIN_WORDS = /[a-z0-9]+/g

/** Every second company ends like this: the pairs would be long lists that tell nothing apart. */
const LEGAL_FORM = /(?:股份|责任)*有限(?:责任)?公司$/
const withoutForm = (text: string): string => text.replace(LEGAL_FORM, '')

const PLAIN = /^[\u4e00-\u9fff]*$/
/** Full-width letters become half-width, capitals small. Text that is only Chinese, as most names are, has neither. */
const normal = (text: string): string => (PLAIN.test(text) ? text : text.normalize('NFKC').toLowerCase())

function addName(grams: string[], name: string): void {
  const characters = hanOf(name)
  for (const character of characters) grams.push(character)
  addPairs(grams, characters)
  addLatinWords(grams, name)
  if (characters.length === 0) return
  const syllables = readingOfName(characters)
  addInitials(grams, syllables)
  addLatin(grams, syllables.join(''))
}

function addCompany(grams: string[], company: string): void {
  const characters = hanOf(withoutForm(company))
  addPairs(grams, characters)
  let before = ''
  for (const character of characters) {
    const initial = initialOf(character)
    if (before !== '') grams.push(before + initial)
    before = initial
  }
  addLatinWords(grams, company)
}

/** The Chinese characters of a text; whatever stands between them does not part them. */
function hanOf(text: string): string[] {
  const characters: string[] = []
  for (const character of text) if (isHan(character)) characters.push(character)
  return characters
}

function latinAlternatives(text: string): string[][] {
  const words = text.match(LATIN_WORDS)
  if (!words) return []
  const grams: string[] = []
  for (const word of words) {
    if (word.length === 2) grams.push(word)
    else addTrigrams(grams, word)
  }
  const letters = words.join('')
  const pairs: string[] = []
  if (/^[a-z]{2,}$/.test(letters)) addPairs(pairs, [...letters.toUpperCase()])
  return [grams, pairs].filter((alternative) => alternative.length > 0)
}

function addPairs(grams: string[], characters: readonly string[]): void {
  for (let index = 1; index < characters.length; index++) grams.push((characters[index - 1] as string) + (characters[index] as string))
}

function addInitials(grams: string[], syllables: readonly string[]): void {
  addPairs(grams, syllables.map((syllable) => syllable.charAt(0).toUpperCase()))
}

function addLatinWords(grams: string[], text: string): void {
  if (PLAIN.test(text)) return
  for (const [word] of text.matchAll(LATIN_WORDS)) addLatin(grams, word)
}

function addLatin(grams: string[], word: string): void {
  if (word.length >= 2) grams.push(word.slice(0, 2))
  addTrigrams(grams, word)
}

function addTrigrams(grams: string[], word: string): void {
  for (let at = 0; at + 3 <= word.length; at++) grams.push(word.slice(at, at + 3))
}

function isHan(character: string): boolean {
  const code = character.codePointAt(0) as number
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf) || (code >= 0x20000 && code <= 0x323af) || code === 0x3007
}

/** Surnames of two characters are read as one: 单于 chanyu, 万俟 moqi, 尉迟 yuchi. */
const DOUBLE_SURNAMES = new Set('欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 夏侯 单于 万俟 端木 百里 呼延 南宫 独孤 澹台 轩辕 钟离'.split(' '))

/**
 * Syllables are looked up once per character and kept: pinyin-pro reads whole phrases in 10 µs and more, this is 0.3.
 * What is lost, the reading by context, matters little for names, except in surnames, which have their own table.
 */
const syllables = new Map<string, string>()
const initials = new Map<string, string>()
const surnameSyllables = new Map<string, string[]>()

function syllableOf(character: string): string {
  let syllable = syllables.get(character)
  if (syllable === undefined) {
    syllable = pinyin(character, { toneType: 'none', v: true })
    syllables.set(character, syllable)
  }
  return syllable
}

function initialOf(character: string): string {
  let initial = initials.get(character)
  if (initial === undefined) {
    initial = syllableOf(character).charAt(0).toUpperCase()
    initials.set(character, initial)
  }
  return initial
}

function readingOfName(characters: readonly string[]): string[] {
  const double = characters.slice(0, 2).join('')
  const surname = DOUBLE_SURNAMES.has(double) ? double : (characters[0] as string)
  let reading = surnameSyllables.get(surname)
  if (!reading) {
    reading = pinyin(surname, { toneType: 'none', type: 'array', surname: 'all', v: true })
    surnameSyllables.set(surname, reading)
  }
  return [...reading, ...characters.slice(reading.length).map(syllableOf)]
}
