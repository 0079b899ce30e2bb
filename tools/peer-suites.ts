import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { PEERS } from '@loopline/interop/peers'
import type { Peer, PeerSuite } from '@loopline/interop/peers'
import { runStep, runStepAside } from './step.ts'
import type { Tally } from './step.ts'

/** A suite that cannot run here, and the commands that change that. */
export interface LeftOut {
  suite: PeerSuite
  install: string[]
}

/** Each waits most of its time, for telephones and people; what measures is alone on the machine. */
const LANES = 2

/** Runs each suite whose peers are installed, two beside each other, and returns the others. */
export async function runPeerSuites(suites: readonly PeerSuite[]): Promise<{ tallies: Tally[]; leftOut: LeftOut[] }> {
  const looked = await Promise.all(suites.map(async (suite) => ({ suite, missing: await missingPeers(suite) })))
  const leftOut = looked.filter(({ missing }) => missing.length > 0).map(({ suite, missing }) => ({ suite, install: missing.map((peer) => PEERS[peer].install) }))
  const here = looked.filter(({ missing }) => missing.length === 0).map(({ suite }) => suite)
  const waiting = here.filter(({ alone }) => alone !== true)
  const tallies: Tally[] = []
  await Promise.all(Array.from({ length: LANES }, async () => {
    for (let suite = waiting.shift(); suite; suite = waiting.shift()) tallies.push(await runStepAside(`peers: ${suite.name}`, suite.command))
  }))
  for (const { name, command } of here.filter(({ alone }) => alone === true)) tallies.push(await runStep(`peers: ${name}`, command))
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
