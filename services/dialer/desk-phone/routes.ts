import { z } from 'zod'
import { DeskPhoneCredentials, DeskPhoneSettings } from '@loopline/contracts/agent'
import type { Http } from '@loopline/http/create-http'
import type { UserId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { deskPhoneOf, removeDeskPhone, renewDeskPhone } from './desk-phones.ts'

const Agent = z.object({ agentId: z.uuid().transform((id) => id as UserId) })
const PHONE = { may: 'agent:phone' }

/** The telephones on agents' desks; one an agent. */
export function deskPhoneRoutes(app: Http, dialer: Dialer): void {
  app.get('/agents/:agentId/desk-phone', { schema: { params: Agent, response: { 200: DeskPhoneSettings } }, config: PHONE },
    ({ identity, scope, params }) => deskPhoneOf(dialer, { identity, scope }, params.agentId))

  app.put('/agents/:agentId/desk-phone', { schema: { params: Agent, response: { 200: DeskPhoneCredentials } }, config: PHONE },
    ({ identity, scope, params }) => renewDeskPhone(dialer, { identity, scope }, params.agentId))

  app.delete('/agents/:agentId/desk-phone', { schema: { params: Agent, response: { 200: DeskPhoneSettings } }, config: PHONE },
    ({ identity, scope, params }) => removeDeskPhone(dialer, { identity, scope }, params.agentId))
}
