import { parseHostPort, isSipUri, parseUri } from './header/uri.ts'
import { uriTextOf, tagOf } from './header/name-addr.ts'
import { header, headerList, type Headers, type SipRequest, type SipResponse } from './message.ts'
import { formatRequest, line, withTag } from './serialise.ts'

/**
 * One dialog (RFC 3261 §12): what both sides must remember to send each other requests. Early dialogs are not kept; a
 * dialog is made by a 2xx. Changed in place by its call.
 */
export interface Dialog {
  readonly callId: string
  readonly localTag: string
  /** '' for an RFC 2543 peer. */
  readonly remoteTag: string
  /** From value of what we send, with our tag. */
  readonly local: string
  /** To value of what we send, with their tag. */
  readonly remote: string
  /** Where requests are addressed: their latest Contact URI. */
  remoteTarget: string
  /** Route values in the order we send them. Fixed for the dialog's life. */
  readonly routeSet: readonly string[]
  /** Our latest sequence number. */
  localCseq: number
  /** Theirs, or null before their first request. */
  remoteCseq: number | null
}

/** A dialog as plain data, enough for another process to send its BYE (orphan.ts). */
export interface DialogSnapshot {
  readonly remoteTag: string
  readonly remoteTarget: string
  readonly routeSet: readonly string[]
  /** Our latest sequence number: the BYE takes the next. */
  readonly cseq: number
}

export function snapshotOf(dialog: Dialog): DialogSnapshot {
  return { remoteTag: dialog.remoteTag, remoteTarget: dialog.remoteTarget, routeSet: dialog.routeSet, cseq: dialog.localCseq }
}

/** The dialog of a 2xx to our INVITE (§12.1.2). `requestUri` stands in for a missing Contact. */
export function uacDialog(
  invite: { readonly callId: string; readonly fromTag: string; readonly from: string; readonly cseq: number; readonly requestUri: string },
  response: SipResponse,
): Dialog {
  const to = header(response, 'to') as string
  return {
    callId: invite.callId,
    localTag: invite.fromTag,
    remoteTag: tagOf(to),
    local: invite.from,
    remote: to,
    remoteTarget: contactOf(response) ?? invite.requestUri,
    routeSet: recordedRoute(response).reverse(),
    localCseq: invite.cseq,
    remoteCseq: null,
  }
}

/** The dialog of a 2xx to their INVITE (§12.1.1). */
export function uasDialog(invite: SipRequest, localTag: string): Dialog {
  const from = header(invite, 'from') as string
  return {
    callId: invite.callId,
    localTag,
    remoteTag: tagOf(from),
    local: withTag(header(invite, 'to') as string, localTag),
    remote: from,
    remoteTarget: contactOf(invite) ?? uriTextOf(from) ?? invite.uri,
    routeSet: recordedRoute(invite),
    localCseq: 0,
    remoteCseq: invite.cseq,
  }
}

/** A target refresh (§12.2): re-INVITE and UPDATE, requests and 2xx alike, may move the remote target. */
export function refreshTarget(dialog: Dialog, message: Headers): void {
  dialog.remoteTarget = contactOf(message) ?? dialog.remoteTarget
}

/** The URI of the Contact. Headers in it would be the peer's words in our requests: they are cut off (§19.1.5). */
function contactOf(message: Headers): string | null {
  const contact = headerList(message, 'contact')[0]
  const uriText = contact === undefined ? null : uriTextOf(contact)
  return uriText === null ? null : (uriText.split('?', 1)[0] as string)
}

/** Routes we cannot read cannot be followed either. */
function recordedRoute(message: Headers): string[] {
  return headerList(message, 'record-route').filter((value) => uriTextOf(value) !== null)
}

/** Whether a request from the other side belongs to this dialog (§12.2.2). */
export function isOfDialog(dialog: Dialog, request: SipRequest): boolean {
  return (
    request.callId === dialog.callId &&
    tagOf(header(request, 'to') as string) === dialog.localTag &&
    tagOf(header(request, 'from') as string) === dialog.remoteTag
  )
}

/**
 * Counts a request of theirs (§12.2.2). False when its number is not above the last one: it is late or a copy, and is
 * answered 500.
 */
export function acceptCseq(dialog: Dialog, cseq: number): boolean {
  if (dialog.remoteCseq !== null && cseq <= dialog.remoteCseq) return false
  dialog.remoteCseq = cseq
  return true
}

export interface InDialogRequest {
  readonly method: string
  /** The dialog's next number, or the INVITE's for its ACK. */
  readonly cseq: number
  readonly sentBy: string
  readonly branch: string
  /** Complete lines, each ending in CRLF. */
  readonly headers: string
  readonly body: string
}

/** A request inside the dialog, with route set and remote target as §12.2.1.1 says. */
export function formatInDialog(dialog: Dialog, request: InDialogRequest): string {
  const { uri, route } = routedRequest(dialog)
  return formatRequest({
    method: request.method, uri, sentBy: request.sentBy, branch: request.branch, from: dialog.local, to: dialog.remote,
    callId: dialog.callId, cseq: request.cseq, headers: route + request.headers, body: request.body,
  })
}

/** A loose router leaves the target in the Request-URI; a strict one (no `lr`, RFC 2543) wants to stand there itself. */
export function routedRequest(dialog: Pick<Dialog, 'remoteTarget' | 'routeSet'>): { uri: string; route: string } {
  const { remoteTarget, routeSet } = dialog
  const first = routeSet[0]
  if (first === undefined) return { uri: remoteTarget, route: '' }
  const firstUri = uriTextOf(first) ?? ''
  if (isLoose(firstUri)) return { uri: remoteTarget, route: line('Route', routeSet.join(', ')) }
  return { uri: firstUri, route: line('Route', [...routeSet.slice(1), `<${remoteTarget}>`].join(', ')) }
}

function isLoose(uriText: string): boolean {
  const uri = parseUri(uriText)
  return uri !== null && isSipUri(uri) && uri.params.has('lr')
}

/** Where the next request of the dialog goes by RFC 3261 §8.1.2: first route or remote target, as `host:port`; null when unreadable. */
export function hopOf(dialog: Pick<Dialog, 'remoteTarget' | 'routeSet'>): string | null {
  const first = dialog.routeSet[0]
  const uri = parseUri((first === undefined ? null : uriTextOf(first)) ?? dialog.remoteTarget)
  if (uri === null || !isSipUri(uri)) return null
  const host = uri.params.get('maddr') ?? uri.host
  return parseHostPort(host) === null ? null : `${host}:${uri.port ?? 5060}`
}
