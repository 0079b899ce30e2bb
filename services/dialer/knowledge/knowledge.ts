import { ZoneClock } from '@loopline/gate/zone-clock'
import { DEFAULT_PACKS } from '@loopline/gate/default-packs'
import type { GateContext } from '@loopline/gate/facts'
import type { LawPack } from '@loopline/gate/law-pack'
import { packsFor, strictest } from '@loopline/gate/strictest'
import type { CustomerState } from '@loopline/contracts/customer-event'
import type { RuleBook } from '@loopline/contracts/rule-event'
import type { CalleeClockSetting } from '@loopline/contracts/setting-event'
import type { PhoneMark } from '../audience/phone-marks.ts'
import { openRuleBook } from './rule-desk.ts'
import type { RuleDesk } from './rule-desk.ts'

/** Zones times countries in use are far fewer. */
const PLACES_MAX = 2_000

/**
 * What the dialer must know beside the customer before it may dial: the law pack, the rule book, what counts as now at
 * the callee. Missing knowledge blocks (P5): without a rule book `rules` is null and nothing is dialled.
 */
export class Knowledge {
  readonly #zones = new ZoneClock()
  #packs: readonly LawPack[] = DEFAULT_PACKS
  #packsVersion = 0
  #registryCopies: Readonly<Record<string, number>> = {}
  /** Places of callees → what holds there. */
  readonly #gates = new Map<string, GateContext>()
  #rules: RuleDesk | null = null
  #rulesVersion: number | null = null
  #clock: { version: number; offsetMs: number } = { version: -1, offsetMs: 0 }
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Of a callee of whom nothing is known: the strictest of all packs. */
  get gate(): GateContext {
    return this.#gateAt([], null)
  }

  /** The law that holds for this callee: by the numbers and the zone; all that may hold, the strictest of each. */
  gateFor({ state, phoneMarks }: { state: Pick<CustomerState, 'timeZone'>; phoneMarks: readonly PhoneMark[] | null }): GateContext {
    return this.#gateAt([...new Set(phoneMarks?.map((mark) => mark.prefix))], state.timeZone)
  }

  /** Of our own place, the first pack: of a caller of whom nothing is known only our end is. */
  get home(): GateContext {
    return { pack: this.#packs[0] ?? null, zones: this.#zones, registryCopies: this.#registryCopies }
  }

  #gateAt(prefixes: string[], timeZone: string | null): GateContext {
    const key = `${timeZone ?? ''} ${prefixes.length > 1 ? prefixes.toSorted().join(' ') : (prefixes[0] ?? '')}`
    let gate = this.#gates.get(key)
    if (!gate) {
      if (this.#gates.size >= PLACES_MAX) this.#gates.clear()
      const pack = this.#packs.length === 0 ? null : strictest(packsFor({ prefixes, timeZone }, this.#packs))
      gate = { pack, zones: this.#zones, registryCopies: this.#registryCopies }
      this.#gates.set(key, gate)
    }
    return gate
  }

  get packs(): readonly LawPack[] {
    return this.#packs
  }

  /** Takes the packs unless newer ones are known. Answers whether that changed anything. */
  learnLawPacks(version: number, packs: readonly LawPack[]): boolean {
    if (version <= this.#packsVersion) return false
    this.#packsVersion = version
    this.#packs = packs
    this.#gates.clear()
    return true
  }

  /** Registry → day of its newest copy, unix ms. Answers whether it is news. */
  learnRegistryCopies(copies: Readonly<Record<string, number>>): boolean {
    if (JSON.stringify(copies) === JSON.stringify(this.#registryCopies)) return false
    this.#registryCopies = copies
    this.#gates.clear()
    return true
  }

  get rules(): RuleDesk | null {
    return this.#rules
  }

  /** Of the newest book that was seen, also when it does not compile. */
  get rulesVersion(): number | null {
    return this.#rulesVersion
  }

  get calleeOffsetMs(): number {
    return this.#clock.offsetMs
  }

  /** What counts as now at the callee, unix ms: hours, days and rules are judged by it. */
  calleeNow(): number {
    return this.#now() + this.#clock.offsetMs
  }

  /** Takes a rule book unless a newer one is known. Answers whether it changed anything, or what is wrong with it. */
  learnRules(book: RuleBook): 'learnt' | 'older' | { faults: string[] } {
    if (this.#rulesVersion !== null && book.version <= this.#rulesVersion) return 'older'
    this.#rulesVersion = book.version
    const compiled = openRuleBook(book)
    if (!compiled.ok) {
      this.#rules = null
      return { faults: compiled.faults }
    }
    this.#rules = compiled.desk
    return 'learnt'
  }

  learnCalleeClock(version: number, { offsetMs }: CalleeClockSetting): boolean {
    if (version <= this.#clock.version || !Number.isFinite(offsetMs)) return false
    const moved = offsetMs !== this.#clock.offsetMs
    this.#clock = { version, offsetMs }
    return moved
  }
}
