/** The telephone of page-phone.peer.ts, bundled for its page: JsSIP with the settings that the console uses. */
import JsSIP from 'jssip'

let agent = null
let session = null
let ending = null

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
  call(uri) {
    session = agent.call(uri, { mediaConstraints: { audio: true, video: false }, pcConfig: { iceServers: [] } })
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
  hangUp: () => session.terminate(),
  stop: () => agent.stop(),
}
