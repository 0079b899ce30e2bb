import { newId } from '@loopline/clock/new-id'
import type { LogEvent } from '@loopline/event-log/event-log'
import type { AttemptId, CustomerId, PhoneId, UserId } from '@loopline/vocabulary/ids'
import type { CallCorrectedEvent, CallEnded, CallEndedEvent, CallWrappedUp, CallWrappedUpEvent } from '@loopline/contracts/call-event'

/** A call as the dialer tells it. */
export function endedCall(customerId: string, phoneId: string, startedAt: number, fields: Partial<CallEnded> = {}): CallEnded {
  const outcome = fields.outcome ?? 'no-answer'
  return {
    attemptId: newId<AttemptId>(), customerId: customerId as CustomerId, phoneId: phoneId as PhoneId, campaignId: null, campaignName: '新客回访',
    lineId: null, lineName: '沙箱 4G', lineType: '4g', callerId: null, actorId: null, state: 'ended', outcome, outcomeReason: 'final-response',
    conclusive: true,
    evidence: { sipStatus: 480, q850: 19, reasonText: null, earlyMedia: false, announcement: null, endedBy: 'carrier' },
    decision: {
      gate: { allowed: true, reason: null, packVersion: 1 }, rules: [], lineType: { wanted: '4g', given: '4g', reason: 'wanted' },
      ringTimeMs: 30_000, priority: 400, calleeTime: '10:12',
    },
    attemptNumber: 1, startedAt, ringingAt: startedAt + 500, answeredAt: outcome === 'connected' ? startedAt + 5_000 : null, endedAt: startedAt + 20_000,
    ...fields,
  }
}

/** The event of a call as a consumer is handed it. */
export function logged(call: CallEnded, causation?: string): LogEvent<CallEndedEvent> {
  const event: CallEndedEvent = {
    specversion: '1.0', id: newId(), source: '/dialer', type: 'dialer.call.ended', subject: call.customerId,
    time: new Date(call.endedAt).toISOString(), datacontenttype: 'application/json', ...(causation ? { causation } : {}), data: call,
  }
  return { topic: 'dialer.call', partition: 0, offset: 0, key: call.customerId, body: JSON.stringify(event), event }
}

/** What the dialer tells when the line of this call turned out to be broken. */
export function corrected(call: CallEnded): LogEvent<CallCorrectedEvent> {
  const { attemptId, customerId, phoneId, campaignId, campaignName, lineId, lineName, outcome, outcomeReason, endedAt } = call
  const event: CallCorrectedEvent = {
    specversion: '1.0', id: newId(), source: '/dialer', type: 'dialer.call.corrected', subject: customerId, time: new Date(endedAt + 1).toISOString(),
    datacontenttype: 'application/json',
    data: {
      attemptId, customerId, phoneId, campaignId, campaignName, lineId, lineName, state: 'corrected', outcome: 'line-failed', outcomeReason: 'line-suspect',
      was: { outcome, outcomeReason }, endedAt, correctedAt: endedAt + 1,
    },
  }
  return { topic: 'dialer.call', partition: 0, offset: 0, key: customerId, body: JSON.stringify(event), event }
}

/** What the agent of this call noted. */
export function wrappedUp({ attemptId, customerId, campaignId, endedAt }: CallEnded, notes: Partial<CallWrappedUp>): LogEvent<CallWrappedUpEvent> {
  const at = endedAt + 20_000
  const event: CallWrappedUpEvent = {
    specversion: '1.0', id: newId(), source: '/dialer', type: 'dialer.call.wrapped-up', subject: customerId, time: new Date(at).toISOString(), datacontenttype: 'application/json',
    data: {
      attemptId, customerId, campaignId, agentId: newId<UserId>(), agentName: '王芳', state: 'wrapped-up', outcome: null, disposition: null, note: null, callback: null, wrapUpMs: 20_000, at,
      ...notes,
    },
  }
  return { topic: 'dialer.call', partition: 0, offset: 0, key: customerId, body: JSON.stringify(event), event }
}

/** A delivery whose progress nobody keeps. */
export const DELIVERED = { commitIn: async () => undefined }
