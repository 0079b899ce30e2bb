import { compileCondition } from '@loopline/conditions/compile-condition'
import { compileRules } from '@loopline/rules/compile-rules'
import type { RuleSet } from '@loopline/rules/rule'
import { assert } from '@loopline/vocabulary/assert'
import type { RuleBook } from '@loopline/contracts/rule-event'
import { RULE_FIELDS } from '@loopline/contracts/rule-fields'
import type { Queryable } from '@loopline/postgres/queryable'
import { bookRow, bookVersion, rulesInOrder } from './rule.sql.ts'
import type { RuleRow } from './rule.sql.ts'

/** The book as it travels. A rule is called by its Chinese name there; the console knows both by its id. */
export async function readRuleBook(q: Queryable): Promise<RuleBook> {
  const book = await bookRow(q)
  assert(book, 'the rule book is written before anything reads it')
  return { version: book.version, rules: (await rulesInOrder(q)).map(ruleOf), priorityByLevel: book.priorityByLevel }
}

function ruleOf({ id, version, name, enabled, when, condition, actions, stop }: RuleRow): RuleBook['rules'][number] {
  return { id, version, name: name.zh, enabled, when, condition, actions, stop }
}

/** Gives the compiled rules, reading and compiling again only when the book's version has changed. */
export class CompiledBook {
  #version = -1
  #ruleSet: RuleSet | null = null

  /** The rules of this version of the book, when they are the ones compiled here. */
  known(version: number): RuleSet | null {
    return version === this.#version ? this.#ruleSet : null
  }

  /** One tiny query when nothing changed. @throws when the book cannot be compiled: no rules is not the same as none. */
  async current(q: Queryable): Promise<RuleSet> {
    const version = await bookVersion(q)
    if (this.#ruleSet !== null && version === this.#version) return this.#ruleSet
    const book = await readRuleBook(q)
    const compiled = compileRules(book.rules, (condition, when) => compileCondition(condition, RULE_FIELDS[when]))
    if (!compiled.ok) throw new Error(`rule book ${book.version} does not compile: ${JSON.stringify(compiled.errors)}`)
    this.#version = book.version
    this.#ruleSet = compiled.ruleSet
    return compiled.ruleSet
  }
}
