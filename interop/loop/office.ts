/** What a team lead does by the API: enters customers, makes campaigns, asks what came of them. */
import { eventually, type Session } from '../product.ts'

export interface Customer {
  customerId: string
  version: number
  status: string
  ownerId: string | null
  phones: { phoneId: string; masked: string; state: string }[]
}

export interface Campaign {
  campaignId: string
  version: number
  state: string
}

export interface Attempt {
  attemptId: string
  customerId: string
  outcome: string | null
  outcomeReason: string | null
  direction: 'inbound' | 'outbound'
}

export interface TimelineItem {
  at: string
  kind: string
  body: Record<string, unknown>
}

export interface WhyNot {
  inDialList: boolean
  entryState: string | null
  dialable: boolean
  reasons: { reason: string }[]
}

/** To be called; for a recording too, where no announcement is to come before the voices. */
export const CONSENT = { state: 'granted', source: 'signed form', at: '2026-01-05T02:00:00Z' }

/** Somebody who agreed to be called, marked by the tag by which campaigns find him. */
export function addCustomer(office: Session, phone: string, tag: string, more: object = {}): Promise<Customer> {
  return office.post<Customer>('/api/crm/customers', { name: `客户 ${phone.slice(-4)}`, phones: [phone], tags: [tag], marketingConsent: CONSENT, ...more })
}

/** A campaign over everybody with the tag, not started yet. */
export function makeCampaign(office: Session, tag: string, more: object = {}): Promise<Campaign> {
  return office.post<Campaign>('/api/dialer/campaigns', {
    name: tag, audience: { combinator: 'and', rules: [{ field: 'tags', operator: 'hasAny', value: [tag] }] },
    ratePerSecond: 50, maxConcurrent: 200, ringTimeMs: 6_000, hangUpAfterMs: 2_000,
    // One call each: what a call came to is not covered by a second one.
    retry: { maxAttempts: 1, afterMinutes: { 'line-failed': 600, cancelled: 600 } },
    ...more,
  })
}

export const steer = (office: Session, { campaignId }: Campaign, act: 'start' | 'stop'): Promise<Campaign> =>
  office.post<Campaign>(`/api/dialer/campaigns/${campaignId}/${act}`)

export async function startCampaign(office: Session, tag: string, more: object = {}): Promise<Campaign> {
  return steer(office, await makeCampaign(office, tag, more), 'start')
}

export const customerNow = (office: Session, { customerId }: Customer): Promise<Customer> => office.get(`/api/crm/customers/${customerId}`)

export const whyNot = (office: Session, { campaignId }: Campaign, { customerId }: Customer): Promise<WhyNot> =>
  office.get(`/api/dialer/campaigns/${campaignId}/why-not/${customerId}`)

export async function attemptsOf(office: Session, { campaignId }: Campaign): Promise<Attempt[]> {
  return (await office.get<{ items: Attempt[] }>(`/api/dialer/attempts?campaignId=${campaignId}&limit=200`)).items
}

export async function timelineOf(office: Session, { customerId }: Customer): Promise<TimelineItem[]> {
  return (await office.get<{ items: TimelineItem[] }>(`/api/crm/customers/${customerId}/timeline`)).items
}

/** Waits for the first call of the campaign to this customer to be over. */
export async function callOver(office: Session, campaign: Campaign, { customerId }: Customer, timeoutMs = 20_000): Promise<Attempt> {
  const attempts = await eventually('the call is over', () => attemptsOf(office, campaign),
    (all) => all.some((attempt) => attempt.customerId === customerId && attempt.outcome !== null), timeoutMs)
  return attempts.find((attempt) => attempt.customerId === customerId) as Attempt
}

interface Import {
  importId: string
  state: string
  created: number
  notCallable: number
}

/** Imports `name,phone,tags` rows under a declaration of consent, and waits until they are in. */
export async function importCsv(office: Session, rows: readonly string[]): Promise<Import> {
  const form = new FormData()
  form.append('options', JSON.stringify({
    columns: ['name', 'phone', 'tags'], hasHeader: false,
    declaration: { legalBasis: 'consent', source: 'trade fair', collectedAt: '2026-03-01', evidence: 'badge scans' },
  }))
  form.append('file', new Blob([rows.join('\n')], { type: 'text/csv' }), 'people.csv')
  const { importId } = await office.post<Import>('/api/crm/imports', form)
  return eventually('the import is done', () => office.get<Import>(`/api/crm/imports/${importId}`), ({ state }) => state === 'done' || state === 'failed', 30_000)
}
