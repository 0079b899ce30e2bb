import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { PEERS } from '@loopline/interop/peers'
import type { Peer, PeerSuite } from '@loopline/interop/peers'
import { runStep } from './step.ts'
import type { Tally } from './step.ts'

/** A suite that cannot run here, and the commands that change that. */
export interface LeftOut {
  suite: PeerSuite
  install: string[]
}

/** Runs each suite whose peers are installed and returns the others. */
export async function runPeerSuites(suites: readonly PeerSuite[]): Promise<{ tallies: Tally[]; leftOut: LeftOut[] }> {
  const tallies: Tally[] = []
  const leftOut: LeftOut[] = []
  for (const suite of suites) {
    const missing = await missingPeers(suite)
    if (missing.length > 0) leftOut.push({ suite, install: missing.map((peer) => PEERS[peer].install) })
    else tallies.push(await runStep(`peers: ${suite.name}`, suite.command))
  }
  return { tallies, leftOut }
}

async function missingPeers(suite: PeerSuite): Promise<Peer[]> {
  const found = await Promise.all(suite.needs.map(async (peer) => (await Promise.all(PEERS[peer].programs.map(isInstalled))).includes(true)))
  return suite.needs.filter((_, index) => !found[index])
}

async function isInstalled(program: string): Promise<boolean> {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, program))
  const found = await Promise.all(places.map((place) => access(place, constants.X_OK).then(() => true, () => false)))
  return found.includes(true)
}
