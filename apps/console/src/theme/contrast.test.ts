import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AGENT_LOOKS, CAMPAIGN_LOOKS, LINE_LOOKS, OUTCOME_LOOKS } from './states'

const CSS = readFileSync(join(import.meta.dirname, 'base.css'), 'utf8')
/** WCAG 2.2, 1.4.3: text; the signs of states are 12 px high. */
const READABLE = 4.5
const GROUNDS = ['--ground', '--surface', '--raised', '--hover', '--selected']
const INKS = ['--ink', '--ink-2', '--ink-3', '--accent', '--warn', '--alarm']

/** The colours of a mode as base.css names them. */
function namesOf(selector: string): Map<string, string> {
  const block = CSS.slice(CSS.indexOf(`${selector} {`)).split('}')[0] ?? ''
  return new Map([...block.matchAll(/(--[a-z0-9-]+): (#[0-9A-F]{6});/g)].map(([, name, colour]) => [name as string, colour as string]))
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number]
  return (bright + 0.05) / (dim + 0.05)
}

describe.each([{ mode: 'light', selector: ':root' }, { mode: 'dark', selector: ":root[data-mode='dark']" }])('$mode', ({ selector }) => {
  const names = namesOf(selector)
  const states = [...names.keys()].filter((name) => name.startsWith('--state-'))

  test('every colour of a state that is used is named', () => {
    const used = [OUTCOME_LOOKS, CAMPAIGN_LOOKS, AGENT_LOOKS, LINE_LOOKS].flatMap((looks) => Object.values(looks).map(({ colour }) => /^var\((--state-[a-z]+)\)$/.exec(colour)?.[1]))
    expect(used).not.toContain(undefined)
    expect(new Set(used)).toEqual(new Set(states))
  })

  test('inks and states read on every ground', () => {
    const dim = [...INKS, ...states].flatMap((ink) => GROUNDS.map((ground) => ({ ink, ground, ratio: contrast(names.get(ink) ?? '', names.get(ground) ?? '') }))).filter(({ ratio }) => !(ratio >= READABLE))
    expect(dim).toEqual([])
  })
})
