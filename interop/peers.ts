/** A program of others that a peer suite talks to, by the names its distributions give it. */
export type Peer = 'sipp' | 'chromium' | 'baresip' | 'coturn' | 'moto'

/** Programs any of which is the peer, and what installs it. */
export const PEERS: Readonly<Record<Peer, { programs: readonly string[]; install: string }>> = {
  sipp: { programs: ['sipp'], install: 'apt-get install sip-tester' },
  chromium: { programs: ['chromium', 'chromium-browser', 'google-chrome'], install: 'apt-get install chromium fonts-noto-cjk' },
  baresip: { programs: ['baresip'], install: 'apt-get install baresip-core' },
  // The package starts a server of its own for everybody; the suite runs one for itself.
  coturn: { programs: ['turnserver'], install: 'apt-get install coturn' },
  moto: { programs: ['moto_server'], install: "pip install 'moto[server]==5.1.18'" },
}

/** Tests against real peers, and those too long for a test file. `npm test` runs those whose peers are here and names the others. */
export interface PeerSuite {
  name: string
  needs: readonly Peer[]
  /** Program and arguments, run in the project's folder; exit code 0 means passed. */
  command: readonly string[]
  /** Measures, or stops processes on purpose: nothing runs beside it. */
  alone?: true
}

export const PEER_SUITES: readonly PeerSuite[] = [
  { name: 'sipp calls the sandbox carrier', needs: ['sipp'], command: [process.execPath, 'interop/sipp/sandbox-carrier.peer.ts'] },
  { name: 'sipp hands calls in', needs: ['sipp'], command: [process.execPath, 'interop/sipp/calls-in.peer.ts'] },
  { name: 'baresip as the desk telephone of an agent', needs: ['baresip'], command: [process.execPath, 'interop/baresip/desk-leg.peer.ts'] },
  { name: 'baresip as the desk telephone of an agent, through a whole product', needs: ['baresip'], command: [process.execPath, 'interop/baresip/desk-phone.peer.ts'] },
  { name: 'recordings in a store of the S3 interface', needs: ['moto'], command: [process.execPath, 'interop/s3/s3.peer.ts'] },
  { name: 'baresip as the person called, in clear and by SRTP', needs: ['baresip'], command: [process.execPath, 'interop/baresip/customer.peer.ts'] },
  { name: 'sipp as the person called: holds, moves, hangs up', needs: ['sipp', 'baresip'], command: [process.execPath, 'interop/sipp/customer-moves.peer.ts'] },
  { name: "a page's telephone in Chromium", needs: ['chromium'], command: [process.execPath, 'interop/phone/page-phone.peer.ts'] },
  { name: 'a page that freezes or dies in mid-call', needs: ['chromium'], command: [process.execPath, 'interop/phone/dead-page.peer.ts'] },
  { name: 'tones through a whole product and its recordings', needs: ['chromium'], command: [process.execPath, 'interop/voices/voices.peer.ts'] },
  { name: 'the console in Chromium', needs: ['chromium'], command: [process.execPath, 'interop/console/console.peer.ts'] },
  { name: 'an agent at his desk in Chromium', needs: ['chromium'], command: [process.execPath, 'interop/console/agent.peer.ts'] },
  { name: 'an office by https, and what an insecure page says', needs: ['chromium'], command: [process.execPath, 'interop/lan/lan.peer.ts'] },
  { name: 'a page behind a firewall, through coturn', needs: ['chromium', 'coturn'], command: [process.execPath, 'interop/turn/turn.peer.ts'] },
  { name: 'a call goes to a colleague, in two Chromiums', needs: ['chromium'], command: [process.execPath, 'interop/console/transfer.peer.ts'] },
  { name: 'two-step sign-in in Chromium', needs: ['chromium'], command: [process.execPath, 'interop/console/security.peer.ts'] },
  { name: 'a customer calls back, in Chromium', needs: ['chromium'], command: [process.execPath, 'interop/console/inbound.peer.ts'] },
  // Also needs no foreign program: its telephones and its carrier speak by engines/sip.
  { name: 'soak, short form: twenty calls with voice', needs: [], command: [process.execPath, 'bench/soak.ts', '--seconds', '40', '--calls', '20', '--talk', '8'], alone: true },
  // The short form of `npm run faults`: needs no foreign program, but a whole product and a minute.
  { name: 'faults in a running campaign, short form', needs: [], command: [process.execPath, 'interop/faults/run.ts', '--only', 'after-dial-sent,freezes', '--customers', '1000'], alone: true },
]
