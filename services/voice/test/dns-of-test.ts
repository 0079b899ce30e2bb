/** A DNS server (RFC 1035) of a test's own that can fail in every way a real one does. */
import { createSocket } from 'node:dgram'

export type DnsHabit =
  | { says: 'addresses'; addresses: readonly string[]; ttl?: number }
  | { says: 'no-such-name' | 'server-failure' | 'nothing' }

export interface DnsOfTest {
  /** For VOICE_DNS. */
  readonly address: string
  /** From now on, for this name. */
  habit(name: string, habit: DnsHabit): void
  /** Questions so far for this name. */
  asked(name: string): number
  close(): void
}

const RESPONSE = 0x8180
const RCODE = { 'no-such-name': 3, 'server-failure': 2, addresses: 0 } as const
const TYPE_A = 1

export async function dnsOfTest(): Promise<DnsOfTest> {
  const habits = new Map<string, DnsHabit>()
  const questions = new Map<string, number>()
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const { name, end, type } = questionOf(query)
    questions.set(name, (questions.get(name) ?? 0) + 1)
    const habit = habits.get(name) ?? { says: 'no-such-name' }
    if (habit.says === 'nothing') return
    const records = habit.says === 'addresses' && type === TYPE_A ? habit.addresses.map((address) => recordOf(address, habit.ttl ?? 1)) : []
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(RESPONSE | RCODE[habit.says], 2)
    head.writeUInt16BE(records.length, 6)
    head.fill(0, 8, 12)
    socket.send(Buffer.concat([head, query.subarray(12, end), ...records]), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${socket.address().port}`,
    habit: (name, habit) => void habits.set(name, habit),
    asked: (name) => questions.get(name) ?? 0,
    close: () => socket.close(),
  }
}

function questionOf(query: Buffer): { name: string; end: number; type: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

/** A record of the question's own name: a pointer to it (§4.1.4). */
function recordOf(address: string, ttl: number): Buffer {
  const record = Buffer.from([0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)])
  record.writeUInt32BE(ttl, 6)
  return record
}
