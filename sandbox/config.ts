import { z } from 'zod'
import { CARRIER_PROFILES } from './carrier-profile.ts'

/** Settings of the sandbox carrier. As arguments too: `--control-port 7070` is CARRIER_CONTROL_PORT. */
export const CARRIER_SETTINGS = z.object({
  CARRIER_ADDRESS: z.ipv4().default('127.0.0.1').describe('Address of the SIP/UDP socket.'),
  CARRIER_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port of the SIP/UDP socket; 0 takes a free one.'),
  CARRIER_CONTROL_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port on 127.0.0.1 for switches and figures (HTTP, JSON); 0 takes a free one.'),
  CARRIER_LOG: z.string().default('').describe('File to which every INVITE and every end is appended (JSON lines, no number in clear); empty keeps none.'),
  CARRIER_SEED: z.coerce.number().int().min(0).default(1).describe('Another seed, another population.'),
  CARRIER_VOICES: z.coerce.number().int().min(0).max(2_000).default(40).describe('Calls that have a voice (RTP, G.711) at once; further ones are silent.'),
  CARRIER_PROFILE: z.enum(CARRIER_PROFILES).default('chinese').describe('How the carrier tells what happened: `standard` with Q.850 causes, `chinese` by announcement and a bare 480.'),
  CARRIER_CALLEE_OFFSET_MS: z.coerce.number().int().default(0).describe('Added to the real time: the hour at the callee.'),
  CARRIER_CALL_BACK_PERCENT: z.coerce.number().min(0).max(100).default(0).describe('How many of those whose telephone rang in vain call back, percent.'),
  CARRIER_TIME_SCALE: z.coerce.number().gt(0).max(100).default(1).describe('Times every ring, talk and announcement of the population; test numbers keep theirs.'),
})
export type CarrierConfig = z.infer<typeof CARRIER_SETTINGS>

/** @throws ZodError naming every wrong setting; Error for an argument that is none. Both before a socket opens. */
export function readConfig(env: Record<string, string | undefined>, args: readonly string[]): CarrierConfig {
  return CARRIER_SETTINGS.parse({ ...env, ...fromArguments(args) })
}

function fromArguments(args: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (let index = 0; index < args.length; index += 2) {
    const name = `CARRIER_${(args[index] as string).replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`
    const value = args[index + 1]
    if (!Object.hasOwn(CARRIER_SETTINGS.shape, name) || value === undefined) throw new Error(`no argument ${args[index]} with a value`)
    found[name] = value
  }
  return found
}
