import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newId } from '@loopline/clock/new-id'
import { compileCondition } from '@loopline/conditions/compile-condition'
import { DEFAULT_RULES } from '@loopline/rules/default-pack'
import { DEFAULT_PRIORITY_BY_LEVEL } from '@loopline/rules/priority'
import { makeEvent } from '@loopline/event-log/make-event'
import { publish } from '@loopline/event-log/outbox'
import type { Keyring } from '@loopline/keys/keyring'
import type { Notifier } from '@loopline/postgres/notify'
import type { Database } from '@loopline/postgres/queryable'
import { inTransaction } from '@loopline/postgres/transaction'
import { Phone } from '@loopline/vocabulary/phone'
import type { E164 } from '@loopline/vocabulary/phone'
import type { CustomerId, ImportId, PhoneId, RuleId } from '@loopline/vocabulary/ids'
import { CUSTOMER_FIELDS } from '@loopline/contracts/customer-fields'
import type { AudienceFacts } from '@loopline/contracts/audience-facts'
import { phoneMarksOf } from '../audience/phone-marks.ts'
import type { CustomerChanged, CustomerState, CustomersImported } from '@loopline/contracts/customer-event'
import type { RuleBook } from '@loopline/contracts/rule-event'

let next = 0

/** A synthetic customer who may be called at any hour of the test. */
export function customer(keys: Keyring, fields: Partial<CustomerState> = {}): CustomerState {
  const customerId = fields.customerId ?? newId<CustomerId>()
  const number = `+8613900${String((next += 1)).padStart(6, '0')}` as E164
  return {
    customerId, version: 1, deleted: false, name: '张伟', company: null, level: 'B', status: 'new', ownerId: null, teamId: null, tags: [], region: null,
    industry: null, intent: 'unknown', marketingConsent: 'granted', recordingConsent: 'unknown', neverCall: false, timeZone: 'Asia/Shanghai', lastFollowUpAt: null,
    followUpPausedUntil: null, lastOutcome: null, lastCalledAt: null, noAnswerStreak: 0, rejectedCount: 0, attemptCount: 0, createdAt: Date.now(),
    updatedAt: Date.now(), sandbox: true,
    phones: [{ phoneId: newId<PhoneId>(), position: 0, sealed: keys.sealPhone(new Phone(number), customerId).toString('base64'), state: 'usable' }],
    ...fields,
  }
}

/** Speaks crm's internal interface over a list in memory; its events go through the real outbox and log. */
export class ScriptedCrm {
  readonly customers = new Map<CustomerId, CustomerState>()
  /** Blind index of a number in base64 → whose it is. */
  readonly numbers = new Map<string, CustomerId>()
  /** Of whom a record was made. */
  readonly madeFrom: { customerId: CustomerId; sealed: string }[] = []
  /** Does not answer who calls. */
  isForgetful = false
  /** Opens the numbers of an audience that is judged as a whole. */
  keys: Keyring | null = null
  /** Called between two lines of a snapshot. */
  onLine: (index: number) => Promise<void> = async () => undefined
  book: RuleBook = {
    version: 1, priorityByLevel: { ...DEFAULT_PRIORITY_BY_LEVEL },
    rules: DEFAULT_RULES.map(({ id, name, when, condition, actions, stop }) => ({ id: id as RuleId, version: 1, name: name.zh, enabled: true, when, condition, actions: [...actions], stop })),
  }
  readonly #server: Server
  readonly #db: Database
  readonly #notifier: Notifier

  constructor(db: Database, notifier: Notifier) {
    this.#db = db
    this.#notifier = notifier
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => { this.#server.listen(0, '127.0.0.1', resolve) })
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  add(...states: CustomerState[]): void {
    for (const state of states) this.customers.set(state.customerId, state)
  }

  /** Changes a customer and tells it by an event. */
  async edit(customerId: CustomerId, changes: Partial<CustomerState>): Promise<CustomerState> {
    const before = this.customers.get(customerId) as CustomerState
    const after = { ...before, ...changes, version: before.version + 1 }
    this.customers.set(customerId, after)
    await this.tell(after)
    return after
  }

  async tell(...states: CustomerState[]): Promise<void> {
    const events = states.map((data) => makeEvent<CustomerChanged>({ type: 'crm.customer.changed', subject: data.customerId, data, sequence: data.version, time: Date.now() }))
    await inTransaction(this.#db, (transaction) => publish(transaction, this.#notifier, events))
  }

  async tellImported(states: readonly CustomerState[]): Promise<void> {
    const importId = newId<ImportId>()
    const data = { importId, customerIds: states.map((state) => state.customerId) }
    const event = makeEvent<CustomersImported>({ type: 'crm.customer.imported', key: importId, data, sequence: 1, time: Date.now() })
    await inTransaction(this.#db, (transaction) => publish(transaction, this.#notifier, [event]))
  }

  close(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => { this.#server.close(() => resolve()) })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = chunks.length > 0 ? (JSON.parse(Buffer.concat(chunks).toString()) as { condition: unknown; afterCustomerId?: string; customerIds: CustomerId[]; blindIndex: string; customerId: CustomerId; name: string; sealed: string }) : null
    const answer = (value: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
    if (request.url === '/internal/rules') return answer(this.book)
    if (request.url === '/internal/customers/by-id') return answer({ customers: body?.customerIds.flatMap((id) => this.customers.get(id) ?? []) })
    if (request.url === '/internal/customers/by-phone') {
      if (this.isForgetful) return void response.writeHead(503).end()
      const owner = this.customers.get(this.numbers.get(body?.blindIndex ?? '') as CustomerId)
      return answer({ found: owner ? { customer: owner, phoneId: owner.phones[0]?.phoneId } : null })
    }
    if (request.url === '/internal/customers/from-caller' && body) {
      const { customerId, name } = body
      const made: CustomerState = { ...([...this.customers.values()][0] as CustomerState), customerId, name, version: 1, phones: [] }
      this.customers.set(customerId, made)
      this.madeFrom.push(body)
      return answer({ customer: made })
    }
    const members = this.#members(body?.condition, body?.afterCustomerId ?? '')
    if (request.url === '/internal/audience-facts') return void response.end(`${JSON.stringify(members.map((state) => this.#factsOf(state)))}\n`)
    if (request.url === '/internal/audience-count') return answer({ matching: members.length, estimated: false })
    for (const [index, state] of members.entries()) {
      response.write(`${JSON.stringify(state)}\n`)
      await this.onLine(index)
    }
    response.end()
  }

  #factsOf(state: CustomerState): AudienceFacts {
    const { customerId, neverCall, status, marketingConsent, timeZone, followUpPausedUntil, sandbox, phones } = state
    const marks = (this.keys && phoneMarksOf(state, this.keys)) ?? []
    return [customerId, neverCall, status, marketingConsent, timeZone, followUpPausedUntil, sandbox, marks.map(({ blind, prefix }, index) => [blind, prefix, phones[index]?.state === 'usable'])]
  }

  #members(condition: unknown, after: string): CustomerState[] {
    const compiled = compileCondition(condition, CUSTOMER_FIELDS)
    if (!compiled.ok) return []
    return [...this.customers.values()].filter((state) => {
      const { matches, recheckAt } = compiled.condition.evaluate(state, Date.now())
      return !state.deleted && (matches || recheckAt !== null) && state.customerId > after
    }).toSorted((a, b) => (a.customerId < b.customerId ? -1 : 1))
  }
}
