import { randomBytes } from 'node:crypto'
import { newId } from '@loopline/clock/new-id'
import { failed } from '@loopline/http/coded-error'
import type { Actor } from '../audit/actor.ts'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import { checkTarget } from './post.ts'
import { deleteWebhook, findWebhook, insertWebhook, listWebhooks, rotateSecret, startReplay, updateWebhook } from './webhook.sql.ts'
import type { WebhookRow } from './webhook.sql.ts'

export interface WebhookDeps extends Pick<Deps, 'db' | 'keys' | 'audit'> {
  /** Tests: http to this machine is allowed. */
  loopbackAllowed: boolean
  /** Starts and stops deliveries after a change. */
  onChanged: () => Promise<void>
}

/** What people see of a receiver; its secret is told once, when it is made. */
export type WebhookState = Pick<WebhookRow, 'id' | 'version' | 'url' | 'topics' | 'active' | 'deliveredAt' | 'failedAt' | 'failure'>

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

export const allWebhooks = (deps: WebhookDeps): Promise<WebhookState[]> => listWebhooks(deps.db)

/** @throws CodedError WEBHOOK_TARGET_REFUSED */
export async function createWebhook(deps: WebhookDeps, actor: Actor, { url, topics }: { url: string; topics: string[] }): Promise<{ id: string; secret: string }> {
  const { host } = checkTarget({ url, loopbackAllowed: deps.loopbackAllowed })
  const id = newId()
  const secret = newSecret()
  await insertWebhook(deps.db, { id, url, topics, secretSealed: deps.keys.seal(secret, id), createdBy: actor.actorId })
  await changed(deps, actor, 'create-webhook', { id, host, topics })
  return { id, secret }
}

/** @throws CodedError WEBHOOK_TARGET_REFUSED · WEBHOOK_NOT_FOUND · VERSION_CONFLICT with the current row */
export async function editWebhook(deps: WebhookDeps, actor: Actor, edit: Pick<WebhookRow, 'id' | 'version' | 'url' | 'topics' | 'active'>): Promise<WebhookState> {
  const { host } = checkTarget({ url: edit.url, loopbackAllowed: deps.loopbackAllowed })
  const saved = await updateWebhook(deps.db, edit)
  const current = await findWebhook(deps.db, edit.id)
  if (!current) throw hubError('WEBHOOK_NOT_FOUND')
  if (!saved) throw failed('VERSION_CONFLICT', visible(current))
  await changed(deps, actor, 'edit-webhook', { id: edit.id, host, topics: edit.topics, active: edit.active })
  return current
}

/** The new secret; the former one signs beside it for a day. @throws CodedError WEBHOOK_NOT_FOUND */
export async function rotateWebhookSecret(deps: WebhookDeps, actor: Actor, id: string): Promise<{ id: string; secret: string }> {
  const secret = newSecret()
  if (!(await rotateSecret(deps.db, id, deps.keys.seal(secret, id)))) throw hubError('WEBHOOK_NOT_FOUND')
  await changed(deps, actor, 'rotate-webhook-secret', { id })
  return { id, secret }
}

/** Brings again what happened since, as far as the log reaches. @throws CodedError WEBHOOK_NOT_FOUND */
export async function replayWebhook(deps: WebhookDeps, actor: Actor, { id, since }: { id: string; since: string }): Promise<void> {
  if (!(await startReplay(deps.db, id, new Date(since)))) throw hubError('WEBHOOK_NOT_FOUND')
  await changed(deps, actor, 'replay-webhook', { id, since })
}

/** @throws CodedError WEBHOOK_NOT_FOUND */
export async function removeWebhook(deps: WebhookDeps, actor: Actor, id: string): Promise<void> {
  if (!(await deleteWebhook(deps.db, id))) throw hubError('WEBHOOK_NOT_FOUND')
  await changed(deps, actor, 'delete-webhook', { id })
}

async function changed(deps: WebhookDeps, actor: Actor, action: string, { id, ...details }: { id: string; [detail: string]: unknown }): Promise<void> {
  await deps.audit.record({ ...actor, action, subject: `webhook:${id}`, details })
  await deps.onChanged()
}

function visible({ id, version, url, topics, active, deliveredAt, failedAt, failure }: WebhookRow): WebhookState {
  return { id, version, url, topics, active, deliveredAt, failedAt, failure }
}
