/** How long after the customer's 200 the page of a seller sounds, by one clock: Chromium runs on this machine. */
import { Office } from '@loopline/interop/console/browser'
import { bundlePhone, PagePhone } from '@loopline/interop/phone/page-phone'
import { eventually } from '@loopline/interop/product'
import { encode } from '@loopline/rtp/g711'
import { FRAME_SAMPLES } from '@loopline/rtp/packet.hot'
import type { AgentView } from '@loopline/contracts/agent'
import { campaignOver } from './answer-campaign.ts'
import type { Bench } from './installation.ts'
import { measureLoad, type Load } from './machine.ts'
import { SipSocket, type TakenCall } from './sip-socket.ts'
import { UdpSpeaker } from './udp-speaker.ts'

/** Eight whole turns in 20 ms: frame after frame it is one tone. Half of full scale, as a loud voice. */
const TONE_HZ = 400
const TONE_PEAK = 8_000
/** The page counts a sound after 200 ms of silence as a beginning; between two calls there is more. */
const TALK_MS = 700
const QUIET_MS = 600
const HEARD_WITHIN_MS = 5_000

export async function measureEar(bench: Bench, answers: number): Promise<{ afterMs: number[]; load: Load }> {
  const { product } = bench
  const office = await Office.open(product.address)
  const customer = await UdpSpeaker.open()
  const afterMs: number[] = []
  const done = Promise.withResolvers<void>()
  const heardAfter = async (phone: PagePhone, call: TakenCall): Promise<number> => {
    await passed(QUIET_MS + Math.random() * 20)
    const answeredAt = performance.timeOrigin + performance.now()
    call.answer(customer.port)
    customer.speak(tone(), call.target)
    const [first] = await eventually('the page sounds', async () => (await phone.onsets()).filter((at) => at >= answeredAt), (onsets) => onsets.length > 0, HEARD_WITHIN_MS)
    await passed(TALK_MS)
    customer.hush()
    call.hangUp()
    return (first as number) - answeredAt
  }
  try {
    const phone = await PagePhone.open(office, { script: await bundlePhone(), username: 'agent', address: product.address })
    await phone.stand()
    const take = async (call: TakenCall): Promise<void> => {
      afterMs.push(await heardAfter(phone, call))
      if (afterMs.length >= answers) done.resolve()
    }
    const carrier = await SipSocket.open({ onCall: (call) => { take(call).catch(done.reject) } })
    const campaignId = await campaignOver(bench, carrier, ['D'])
    const seller = await product.signIn('agent')
    await seller.post('/api/dialer/agents/me/sign-on', { pageId: 'bench-ear', campaignIds: [campaignId] })
    await eventually("the page's leg stands", () => seller.get<AgentView>('/api/dialer/agents/me'), ({ leg }) => leg === 'up')
    await phone.passTest(seller)
    await seller.post('/api/dialer/agents/me/state', { state: 'ready' })
    const endLoad = measureLoad(() => bench.groups([process.pid]))
    await bench.admin.post(`/api/dialer/campaigns/${campaignId}/start`, {})
    await done.promise
    const load = endLoad()
    await bench.admin.post(`/api/dialer/campaigns/${campaignId}/stop`, {})
    carrier.close()
    return { afterMs, load }
  } finally {
    customer.close()
    await office.close()
  }
}

function tone(): Uint8Array {
  const frame = new Uint8Array(FRAME_SAMPLES)
  encode('PCMA', Int16Array.from({ length: FRAME_SAMPLES }, (_, index) => Math.round(TONE_PEAK * Math.sin((2 * Math.PI * TONE_HZ * index) / 8_000))), frame, 0)
  return frame
}

/** The length of a ring, or of a talk. */
const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
