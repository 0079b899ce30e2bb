import type { UserId } from '@loopline/vocabulary/ids'

/** One way to one telephone: a connection, or an address over UDP (a "flow" of RFC 5626). Answers leave by the flow the question came by. */
export interface AgentFlow {
  /** Unique while it lives. */
  readonly id: string
  readonly transport: 'UDP' | 'TCP' | 'TLS' | 'WS'
  /** The address that limits count by. */
  readonly source: string
  /** `host:port` of our side, for Via and Contact. */
  readonly local: string
  /** `address:port` of theirs over UDP, for `received` and `rport`; null over connections, where neither is needed. */
  readonly remote: { readonly address: string; readonly port: number } | null
  /** Whose telephone it is, proven when the connection was admitted; null: every request must bring its own proof (digest). */
  readonly agentId: UserId | null
  /** Wire text: one character a byte. What cannot be sent is dropped; the end of the flow is told by `onClose`. */
  send(text: string): void
  /** A telephone proved itself here: the connection is no longer half open. */
  proven(): void
  close(because: string): void
}

/** What the transports tell. */
export interface FlowHandlers {
  /** One whole message, not looked at yet. */
  onMessage(flow: AgentFlow, text: string): void
  /** Of connections only. */
  onClose(flow: AgentFlow): void
}

/** Via's sent-by as engines/sip wants it. */
export const sentByOf = (flow: Pick<AgentFlow, 'transport' | 'local'>): string =>
  flow.transport === 'UDP' ? flow.local : `${flow.transport} ${flow.local}`

/** Our Contact on a flow. */
export const contactOf = (flow: Pick<AgentFlow, 'transport' | 'local'>): string =>
  `<sip:desk@${flow.local}${flow.transport === 'UDP' ? '' : `;transport=${flow.transport.toLowerCase()}`}>`
