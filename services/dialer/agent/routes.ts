import { z } from 'zod'
import { AgentList, AgentTimeReport, AgentView, AskAgentTime, ChangeAgentState, ExtendWrapUp, ForceAgent, NameDevice, PhoneSettings, SignOn, SkipPreview, TellPageFindings, WaiveSelfTest, WrapUp } from '@loopline/contracts/agent'
import type { Http } from '@loopline/http/create-http'
import type { AttemptId, CustomerId, UserId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { acceptCard, skipCard } from '../talk/answer-card.ts'
import { agentTime } from './agent-time.ts'
import { agentsOnDuty } from './list-agents.ts'
import { phoneSettings } from './phone-settings.ts'
import type { PhoneNetwork } from './phone-settings.ts'
import { nameDevice, startSelfTest, tellPageFindings, waiveSelfTest } from './self-test.ts'
import { serves } from './serves.ts'
import { ownSession, signOn } from './sign-on.ts'
import { extendWrapUp, forceAgent, wishState } from './wish.ts'
import { wrapUp } from './wrap-up.ts'

const Agent = z.object({ agentId: z.uuid().transform((id) => id as UserId) })
const Attempt = z.object({ attemptId: z.uuid().transform((id) => id as AttemptId) })
const Test = z.object({ testId: z.uuid() })
const ANSWERS = { 200: AgentView }
const SELF = { may: 'agent:self' }

export function agentRoutes(app: Http, dialer: Dialer, network: PhoneNetwork): void {
  app.get('/agents', { schema: { response: { 200: AgentList } }, config: { may: 'agent:read' } },
    (request) => ({ items: agentsOnDuty(dialer, { identity: request.identity, scope: request.scope }) }))

  app.get('/agents/time', { schema: { querystring: AskAgentTime, response: { 200: AgentTimeReport } }, config: { may: 'agent:read' } },
    (request) => agentTime(dialer, { identity: request.identity, scope: request.scope }, request.query))

  // Asked by crm: whose story an agent may read beside that of his own customers.
  app.get('/internal/agents/:agentId/serves/:customerId', { schema: { hide: true, params: Agent.extend({ customerId: z.uuid().transform((id) => id as CustomerId) }) }, config: { may: 'service:call' } },
    async (request) => ({ serves: await serves(dialer, request.params.agentId, request.params.customerId) }))

  app.get('/agents/me', { schema: { response: ANSWERS }, config: SELF }, (request) => ownSession(dialer, request.identity))

  app.get('/agents/me/phone', { schema: { response: { 200: PhoneSettings } }, config: { may: 'phone:register' } },
    (request) => phoneSettings(network, request.identity.sub, dialer.clock.now()))

  app.post('/agents/me/sign-on', { schema: { body: SignOn, response: ANSWERS }, config: SELF },
    (request) => signOn(dialer, request.identity, request.body))

  app.post('/agents/me/self-test', { schema: { response: ANSWERS }, config: SELF },
    (request) => startSelfTest(dialer, request.identity.sub as UserId))

  app.post('/agents/me/self-test/:testId/page', { schema: { params: Test, body: TellPageFindings, response: ANSWERS }, config: SELF },
    (request) => tellPageFindings(dialer, request.identity.sub as UserId, request.params.testId, request.body))

  app.put('/agents/me/device', { schema: { body: NameDevice, response: ANSWERS }, config: SELF },
    (request) => nameDevice(dialer, request.identity.sub as UserId, request.body.device))

  app.post('/agents/:agentId/self-test/waive', { schema: { params: Agent, body: WaiveSelfTest, response: ANSWERS }, config: { may: 'agent:force' } },
    (request) => waiveSelfTest(dialer, { identity: request.identity, scope: request.scope }, request.params.agentId, request.body.reason))

  app.post('/agents/me/state', { schema: { body: ChangeAgentState, response: ANSWERS }, config: SELF },
    (request) => wishState(dialer, request.identity.sub as UserId, request.body))

  app.post('/agents/me/wrap-up', { schema: { body: WrapUp, response: ANSWERS }, config: SELF },
    (request) => wrapUp(dialer, request.identity, request.body))

  app.post('/agents/me/wrap-up/extend', { schema: { body: ExtendWrapUp, response: ANSWERS }, config: SELF },
    (request) => extendWrapUp(dialer, request.identity.sub as UserId, request.body.seconds))

  app.post('/agents/me/preview/:attemptId/accept', { schema: { params: Attempt, response: ANSWERS }, config: SELF },
    (request) => acceptCard(dialer, request.identity, request.params.attemptId))

  app.post('/agents/me/preview/:attemptId/skip', { schema: { params: Attempt, body: SkipPreview, response: ANSWERS }, config: SELF },
    (request) => skipCard(dialer, request.identity.sub as UserId, request.params.attemptId, request.body.reason))

  app.post('/agents/:agentId/force', { schema: { params: Agent, body: ForceAgent, response: ANSWERS }, config: { may: 'agent:force' } },
    (request) => forceAgent(dialer, { identity: request.identity, scope: request.scope }, request.params.agentId, request.body))
}
