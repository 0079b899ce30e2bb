import { tagOf } from './header/name-addr.ts'
import { header, type SipRequest } from './message.ts'
import { ALLOW, ALLOWED_METHODS, isKnownMethod } from './methods.ts'
import { formatResponse, line } from './serialise.ts'

/**
 * The answer to a request of a known peer that belongs to no call of ours; null for an ACK, which is never answered.
 * OPTIONS outside a dialog is how carriers ask whether we live (§11.2); anything inside a dialog we do not have is 481.
 * To strangers nothing is sent at all: that is the driver's to know.
 */
export function answerStray(request: SipRequest, toTag: string): string | null {
  if (request.method === 'ACK') return null
  const status = statusOf(request)
  const headers = status === 481 ? '' : line('Allow', ALLOW)
  return formatResponse(request, status, { toTag, headers })
}

function statusOf(request: SipRequest): number {
  if (!isKnownMethod(request.method)) return 501
  if (!(ALLOWED_METHODS as readonly string[]).includes(request.method)) return 405
  const isInDialog = tagOf(header(request, 'to') as string) !== '' || request.method === 'CANCEL' || request.method === 'BYE'
  if (isInDialog) return 481
  return request.method === 'OPTIONS' ? 200 : request.method === 'INVITE' ? 403 : 481
}
