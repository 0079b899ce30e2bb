import type { OutgoingCallSettings } from '@loopline/sip/outgoing-call'
import { formatSdp } from '@loopline/sip/sdp'

/** What a call of a test is placed with. */
export function callerSettings(number: string, callId: string, own: string, carrier: string, mediaPort = 40_000): OutgoingCallSettings {
  const [address = '127.0.0.1'] = own.split(':')
  return {
    callId, fromTag: `t-${callId}`, branchSeed: callId, requestUri: `sip:${number}@${carrier}`, from: `<sip:01055550100@${own}>`,
    to: `<sip:${number}@${carrier}>`, contact: `<sip:01055550100@${own}>`, sentBy: own, ringTimeMs: 30_000, hangUpReason: 'Q.850;cause=16',
    sdp: formatSdp({ address, port: mediaPort, codecs: ['PCMA'], telephoneEvent: 101, direction: 'sendrecv', ptimeMs: 20, sessionId: 1, version: 1 }),
  }
}
