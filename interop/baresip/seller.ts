/** An agent whose telephone is baresip, as a test sees him: by the API what he does, by his telephone what he hears. */
import assert from 'node:assert/strict'
import { eventually, type Product, type Session } from '../product.ts'
import { startBaresip, type Baresip } from './baresip.ts'
import { secondsOf } from './tone.ts'

interface Credentials {
  servers: { transport: string; address: string }[]
  user: string
  secret: string
}

export interface SellerNow {
  state: string
  reason: string | null
  leg: string
  selfTest: { state: string; leg: { heardMs: number; levelDbfs: number | null } | null }
  call: { attemptId: string; phase: string } | null
}

/** Of a product with AGENT_SIP_LISTEN, and AGENT_DIGEST=md5: baresip 1.0 knows no other. */
export class Seller {
  readonly session: Session
  readonly phone: Baresip
  readonly #deskPhone: string

  private constructor(session: Session, phone: Baresip, deskPhone: string) {
    this.session = session
    this.phone = phone
    this.#deskPhone = deskPhone
  }

  /** His telephone gets its secret by the API and registers. */
  static async arrive(product: Product, toneHz: number): Promise<Seller> {
    const session = await product.signIn('agent')
    const { userId } = await session.get<{ userId: string }>('/api/hub/me')
    const deskPhone = `/api/dialer/agents/${userId}/desk-phone`
    const { user, secret, servers } = await session.call<Credentials>('PUT', deskPhone)
    const server = servers.find(({ transport }) => transport === 'udp')?.address
    assert(server, 'the answer says where to register')
    const phone = await startBaresip({ server, user, secret, toneHz })
    await eventually('the telephone registers', () => session.get<{ phone: { leg: string } | null }>(deskPhone), (seen) => seen.phone?.leg === 'registered')
    return new Seller(session, phone, deskPhone)
  }

  me(): Promise<SellerNow> {
    return this.session.get<SellerNow>('/api/dialer/agents/me')
  }

  /** To every progressive campaign there is; his telephone is called and answers by itself. */
  async signOn(): Promise<void> {
    const { items } = await this.session.get<{ items: { campaignId: string; mode: string }[] }>('/api/dialer/campaigns')
    const campaignIds = items.filter(({ mode }) => mode === 'progressive').map(({ campaignId }) => campaignId)
    await this.session.post('/api/dialer/agents/me/sign-on', { pageId: 'page-of-baresip', phone: 'desk', campaignIds })
    await eventually('the leg is up', () => this.me(), ({ leg }) => leg === 'up')
  }

  /** Voice listens to his telephone and plays it back to him. Answers how loud he was, dBFS. */
  async passTest(): Promise<number> {
    await this.session.post('/api/dialer/agents/me/self-test')
    const { selfTest } = await eventually('the telephone is tested', () => this.me(), (seen) => seen.selfTest.state !== 'running')
    assert.equal(selfTest.state, 'passed', JSON.stringify(selfTest))
    assert((selfTest.leg?.heardMs ?? 0) >= 400, JSON.stringify(selfTest))
    return selfTest.leg?.levelDbfs ?? Number.NEGATIVE_INFINITY
  }

  /** Tests his telephone first, if that is still to be done in this shift. */
  async ready(): Promise<void> {
    if ((await this.me()).selfTest.state !== 'passed') await this.passTest()
    await this.session.post('/api/dialer/agents/me/state', { state: 'ready' })
  }

  /** The call he talks on, now or soon. */
  async talking(): Promise<string> {
    const { call } = await eventually('the agent talks', () => this.me(), ({ state }) => state === 'talking')
    assert(call)
    return call.attemptId
  }

  async hangUp(attemptId: string): Promise<void> {
    await this.session.post(`/api/dialer/calls/${attemptId}/talk`, { do: 'hang-up' })
    await this.finish(attemptId)
  }

  /** The call is over: his notes are done, and he pauses. */
  async finish(attemptId: string): Promise<void> {
    await eventually('the notes are waited for', () => this.me(), ({ state }) => state === 'wrap-up')
    await this.session.post('/api/dialer/agents/me/wrap-up', { attemptId, next: 'paused' })
  }

  /** Seconds in which he has heard almost nothing but this tone, since his telephone was switched on. */
  heardFor(hz: number): number {
    return this.phone.heard().reduce((sum, sound) => sum + secondsOf(hz, sound), 0)
  }

  async giveBackPhone(): Promise<void> {
    await this.session.call('DELETE', this.#deskPhone)
    await eventually('the leg ends', () => this.me(), ({ leg }) => leg === 'down')
  }
}
