import { z } from 'zod'
import {
  AddEntries, AddedEntries, AudiencePreview, AudiencePreviewRequest, CampaignCommand, CampaignPage, CampaignProgressView, CampaignSettings, CampaignView, CampaignWhyNot,
  EditCampaign, WhyNotNow,
} from '@loopline/contracts/campaign'
import { PageQuery } from '@loopline/contracts/page'
import type { Http } from '@loopline/http/create-http'
import type { CampaignId, CustomerId } from '@loopline/vocabulary/ids'
import type { Dialer } from '../dialer.ts'
import { actOnCampaign, createCampaign, editCampaign } from './change-campaign.ts'
import type { CampaignAct } from './change-campaign.ts'
import { enterByApi } from './add-entries.ts'
import { previewAudience } from './preview-audience.ts'
import { oneCampaign, pageOfCampaigns, progressNow } from './read-campaigns.ts'
import { viewOf } from './view-campaign.ts'
import { whyNotAll } from './why-not-all.ts'
import { whyNotNow } from './why-not-now.ts'

const Params = z.object({ campaignId: z.uuid().transform((id) => id as CampaignId) })
const WhyNotParams = Params.extend({ customerId: z.uuid().transform((id) => id as CustomerId) })
/** A list of ten million takes minutes to read. */
const WHOLE_LIST_MS = 300_000
const ACTS: readonly CampaignAct[] = ['start', 'pause', 'resume', 'stop']

export function campaignRoutes(app: Http, dialer: Dialer): void {
  app.get('/campaigns', { schema: { querystring: PageQuery, response: { 200: CampaignPage } }, config: { may: 'campaign:read' } },
    (request) => pageOfCampaigns(dialer, request.query))

  app.post('/campaigns', { schema: { body: CampaignSettings, response: { 201: CampaignView } }, config: { may: 'campaign:edit' } },
    async (request, reply) => reply.code(201).send(viewOf(await createCampaign(dialer, request.identity, request.body))))

  app.get('/campaigns/:campaignId', { schema: { params: Params, response: { 200: CampaignView } }, config: { may: 'campaign:read' } },
    (request) => oneCampaign(dialer, request.params.campaignId))

  app.patch('/campaigns/:campaignId', { schema: { params: Params, body: EditCampaign, response: { 200: CampaignView } }, config: { may: 'campaign:edit' } },
    async (request) => {
      const { version, ...changes } = request.body
      return viewOf(await editCampaign(dialer, request.identity, request.params.campaignId, version, changes))
    })

  for (const act of ACTS) {
    app.post(`/campaigns/:campaignId/${act}`, { schema: { params: Params, body: CampaignCommand, response: { 200: CampaignView } }, config: { may: 'campaign:run' } },
      async (request) => viewOf(await actOnCampaign(dialer, request.identity, request.params.campaignId, act, request.body.version)))
  }

  app.get('/campaigns/:campaignId/progress', { schema: { params: Params, response: { 200: CampaignProgressView } }, config: { may: 'campaign:read' } },
    (request) => progressNow(dialer, request.params.campaignId))

  app.post('/campaigns/audience-preview', { schema: { body: AudiencePreviewRequest, response: { 200: AudiencePreview } }, config: { may: 'campaign:edit' } },
    (request) => previewAudience(dialer, request.body.audience))

  app.get('/campaigns/:campaignId/why-not/:customerId', { schema: { params: WhyNotParams, response: { 200: WhyNotNow } }, config: { may: 'customer:read' } },
    (request) => whyNotNow(dialer, { identity: request.identity, scope: request.scope }, request.params.campaignId, request.params.customerId))

  app.get('/campaigns/:campaignId/why-not', { schema: { params: Params, response: { 200: CampaignWhyNot } }, config: { may: 'campaign:read' }, handlerTimeout: WHOLE_LIST_MS },
    (request) => whyNotAll(dialer, request.params.campaignId))

  app.post('/campaigns/:campaignId/entries', { schema: { params: Params, body: AddEntries, response: { 200: AddedEntries } }, config: { may: 'entry:write' } },
    (request) => enterByApi(dialer, request.params.campaignId, request.body.entries))
}
