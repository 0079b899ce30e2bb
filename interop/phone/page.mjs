/** The telephone of page-phone.peer.ts, bundled for its page: JsSIP with the settings that the console uses. */
import JsSIP from 'jssip'

let agent = null
let session = null
let ending = null

/** In the thread of the sound card: keeps the last second, and tells when a sound begins that had silence before it. */
const EAR = `
  const LOUD = 0.01
  const SILENT_FOR_S = 0.2
  registerProcessor('ear', class extends AudioWorkletProcessor {
    kept = new Float32Array(sampleRate)
    at = 0
    lastLoud = 0
    constructor() {
      super()
      this.port.onmessage = () => {
        const samples = new Float32Array(this.kept.length)
        samples.set(this.kept.subarray(this.at))
        samples.set(this.kept.subarray(0, this.at), this.kept.length - this.at)
        this.port.postMessage({ samples })
      }
    }
    process([[samples]]) {
      if (samples === undefined) return true
      for (const sample of samples) {
        this.kept[this.at] = sample
        this.at = (this.at + 1) % this.kept.length
      }
      if (samples.some((sample) => Math.abs(sample) > LOUD)) {
        if (currentTime - this.lastLoud > SILENT_FOR_S) this.port.postMessage({ onset: true })
        this.lastLoud = currentTime
      }
      return true
    }
  })
`
const onsets = []
let ear = null
let onSamples = null

/** Share of a tone in all power, 0..1, over windows of 50 ms: a jitter buffer shifts the phase of what follows. */
function share(hz, samples, rate) {
  const length = Math.round(rate / 20)
  let [tone, all] = [0, 0]
  for (let from = 0; from + length <= samples.length; from += length) {
    const turn = 2 * Math.cos((2 * Math.PI * hz) / rate)
    let [before, last] = [0, 0]
    for (let index = from; index < from + length; index += 1) {
      const next = samples[index] + turn * last - before
      before = last
      last = next
      all += samples[index] ** 2
    }
    tone += (2 * (last * last + before * before - turn * last * before)) / length
  }
  return all === 0 ? 0 : tone / all
}

globalThis.phone = {
  /** Says `registered`, or why not. */
  register({ url, agentId, instanceId }) {
    agent = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)], uri: `sip:${agentId}@loopline`, instance_id: instanceId, register_expires: 600, session_timers: false,
      connection_recovery_min_interval: 1, connection_recovery_max_interval: 2,
    })
    return new Promise((resolve) => {
      agent.once('registered', () => resolve('registered'))
      agent.once('registrationFailed', ({ cause, response }) => resolve(`failed: ${cause} ${response?.status_code ?? ''}`))
      agent.start()
    })
  },
  /** Says `accepted`, or the status of the refusal. */
  call(uri, pcConfig = { iceServers: [] }) {
    session = agent.call(uri, { mediaConstraints: { audio: true, video: false }, pcConfig })
    session.on('icecandidate', ({ ready }) => ready())
    ending = new Promise((resolve) => session.once('ended', ({ originator, cause, message }) => resolve(`${originator}: ${message?.getHeader?.('Reason') ?? cause}`)))
    return new Promise((resolve) => {
      session.once('accepted', () => resolve('accepted'))
      session.once('failed', ({ cause, message }) => resolve(`refused: ${message?.status_code ?? cause}`))
    })
  },
  /** Says `connected` when ICE and DTLS are done: the leg stands. */
  connected: () => new Promise((resolve) => {
    const { connection } = session
    const look = () => { if (['connected', 'failed'].includes(connection.connectionState)) resolve(connection.connectionState) }
    connection.addEventListener('connectionstatechange', look)
    look()
  }),
  /** Who ended the call, and the Reason. */
  ended: () => ending,
  /** From now on `onsets` and `heard` know what comes. An <audio> element must play it too: Web Audio alone hears nothing. */
  async listen() {
    const stream = new MediaStream(session.connection.getReceivers().map(({ track }) => track))
    const player = new Audio()
    player.srcObject = stream
    await player.play()
    const context = new AudioContext({ latencyHint: 'interactive' })
    await context.resume()
    await context.audioWorklet.addModule(URL.createObjectURL(new Blob([EAR], { type: 'text/javascript' })))
    ear = new AudioWorkletNode(context, 'ear')
    context.createMediaStreamSource(stream).connect(ear)
    ear.port.onmessage = ({ data }) => {
      if (data.onset) onsets.push(performance.timeOrigin + performance.now())
      else onSamples?.(data.samples)
    }
  },
  /** Of the pair of candidates in use: what ours is, and how many packets went each way. */
  async path() {
    const stats = [...(await session.connection.getStats()).values()]
    const transport = stats.find(({ type }) => type === 'transport')
    const pair = stats.find(({ id }) => id === transport?.selectedCandidatePairId)
    const local = stats.find(({ id }) => id === pair?.localCandidateId)
    return { kind: local?.candidateType ?? 'none', protocol: local?.relayProtocol ?? '', sent: pair?.packetsSent ?? 0, received: pair?.packetsReceived ?? 0 }
  },
  /** Tries to be relayed by these servers: how many candidates they gave, and the errors by which they refused. */
  async gather(iceServers) {
    const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' })
    const found = { candidates: 0, errors: [] }
    connection.addEventListener('icecandidate', ({ candidate }) => { if (candidate?.candidate) found.candidates += 1 })
    connection.addEventListener('icecandidateerror', ({ errorCode }) => found.errors.push(errorCode))
    const complete = new Promise((resolve) => {
      connection.addEventListener('icegatheringstatechange', () => { if (connection.iceGatheringState === 'complete') resolve() })
    })
    connection.addTransceiver('audio')
    await connection.setLocalDescription()
    await complete
    connection.close()
    return found
  },
  onsets: () => onsets,
  async heard(tones) {
    const samples = await new Promise((resolve) => {
      onSamples = resolve
      ear.port.postMessage('what was heard')
    })
    return { shares: tones.map((hz) => share(hz, samples, ear.context.sampleRate)), peak: samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) }
  },
  /**
   * What the page tells of a test of its telephone, once what voice played back has ended: its microphone, the way that ICE found,
   * and what arrived.
   */
  async tried() {
    const levels = { 'media-source': -200, 'inbound-rtp': -200 }
    const before = {}
    let [first, last, path, quietLooks] = [null, null, null, 0]
    while (last === null || last.packetsReceived === first.packetsReceived || quietLooks < 5) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      const stats = new Map(await session.connection.getStats())
      for (const stat of stats.values()) {
        if (stat.kind !== 'audio' || levels[stat.type] === undefined) continue
        const { totalAudioEnergy: energy, totalSamplesDuration: duration } = stat
        const [energyBefore, durationBefore] = before[stat.type] ?? [energy, duration]
        before[stat.type] = [energy, duration]
        if (energy > energyBefore) levels[stat.type] = Math.max(levels[stat.type], Math.min(0, 10 * Math.log10((energy - energyBefore) / (duration - durationBefore))))
        if (stat.type !== 'inbound-rtp') continue
        first ??= stat
        quietLooks = last?.packetsReceived === stat.packetsReceived ? quietLooks + 1 : 0
        last = stat
      }
      const transport = [...stats.values()].find(({ type }) => type === 'transport')
      const pair = stats.get(transport?.selectedCandidatePairId)
      const local = stats.get(pair?.localCandidateId)
      if (local) path = { kind: local.candidateType, protocol: local.protocol, roundTripMs: pair.currentRoundTripTime === undefined ? null : pair.currentRoundTripTime * 1_000 }
    }
    const [track] = session.connection.getSenders().map((sender) => sender.track)
    const packetsReceived = last.packetsReceived - first.packetsReceived
    const lost = Math.max(0, last.packetsLost - first.packetsLost)
    return {
      device: track.label, microphone: { isMuted: track.muted || !track.enabled, levelDbfs: levels['media-source'] }, path,
      echo: { packetsReceived, loss: lost / (packetsReceived + lost), jitterMs: last.jitter * 1_000, levelDbfs: levels['inbound-rtp'] },
    }
  },
  hangUp: () => session.terminate(),
  stop: () => agent.stop(),
}
