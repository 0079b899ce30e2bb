import { z } from 'zod'
import {
  AddCallerIds, CallerIdGroupView, CallerIdPage, CallerIdQuery, CallerIdsAdded, CallerIdsChanged, CallerIdView, ChangeCallerIds, CreateCallerIdGroup, EditCallerId, EditCallerIdGroup,
} from '@loopline/contracts/caller-id'
import type { Http } from '@loopline/http/create-http'
import type { Dialer } from '../dialer.ts'
import { addCallerIds, changeCallerIds, editCallerId, pageOfCallerIds } from './manage-caller-ids.ts'
import { createGroup, editGroup, removeGroup, viewGroups } from './manage-groups.ts'

const Params = z.object({ callerId: z.uuid() })
const GroupParams = z.object({ groupId: z.uuid() })
/** 5,000 numbers with their notes. */
const BODY_BYTES_MAX = 4_000_000

/** The pool of numbers that our calls show. */
export function callerIdRoutes(app: Http, dialer: Dialer): void {
  app.get('/caller-ids', { schema: { querystring: CallerIdQuery, response: { 200: CallerIdPage } }, config: { may: 'caller-id:read' } }, (request) => pageOfCallerIds(dialer, request.query))

  app.post('/caller-ids', { schema: { body: AddCallerIds, response: { 200: CallerIdsAdded } }, config: { may: 'caller-id:edit' }, bodyLimit: BODY_BYTES_MAX },
    (request) => addCallerIds(dialer, request.identity, request.body))

  app.patch('/caller-ids/:callerId', { schema: { params: Params, body: EditCallerId, response: { 200: CallerIdView } }, config: { may: 'caller-id:edit' } },
    (request) => editCallerId(dialer, request.identity, request.params.callerId, request.body))

  app.post('/caller-ids/changes', { schema: { body: ChangeCallerIds, response: { 200: CallerIdsChanged } }, config: { may: 'caller-id:edit' } },
    (request) => changeCallerIds(dialer, request.identity, request.body))

  app.get('/caller-id-groups', { schema: { response: { 200: z.object({ items: z.array(CallerIdGroupView) }) } }, config: { may: 'caller-id:read' } }, async () => ({ items: await viewGroups(dialer) }))

  app.post('/caller-id-groups', { schema: { body: CreateCallerIdGroup, response: { 201: CallerIdGroupView } }, config: { may: 'caller-id:edit' } },
    async (request, reply) => reply.code(201).send(await createGroup(dialer, request.identity, request.body)))

  app.patch('/caller-id-groups/:groupId', { schema: { params: GroupParams, body: EditCallerIdGroup, response: { 200: CallerIdGroupView } }, config: { may: 'caller-id:edit' } },
    (request) => editGroup(dialer, request.identity, request.params.groupId, request.body))

  app.delete('/caller-id-groups/:groupId', { schema: { params: GroupParams, response: { 200: GroupParams } }, config: { may: 'caller-id:edit' } },
    (request) => removeGroup(dialer, request.identity, request.params.groupId))
}
