import { ZoneClock } from '@loopline/gate/zone-clock'
import { CHINA_DEFAULT } from '@loopline/gate/law-pack'
import type { GateContext } from '@loopline/gate/facts'
import type { RuleBook } from '@loopline/contracts/rule-event'
import type { CalleeClockSetting } from '@loopline/contracts/setting-event'
import { openRuleBook } from './rule-desk.ts'
import type { RuleDesk } from './rule-desk.ts'

/**
 * What the dialer must know beside the customer before it may dial: the law pack, the rule book, what counts as now at
 * the callee. Missing knowledge blocks (P5): without a rule book `rules` is null and nothing is dialled.
 */
export class Knowledge {
  readonly gate: GateContext = { pack: CHINA_DEFAULT, zones: new ZoneClock() }
  #rules: RuleDesk | null = null
  #rulesVersion: number | null = null
  #clock: { version: number; offsetMs: number } = { version: -1, offsetMs: 0 }
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
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
