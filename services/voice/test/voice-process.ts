/** Voice as a process of its own, to be killed by a test. */
import { createKeyring } from '@loopline/keys/keyring'
import { parseKeySet } from '@loopline/keys/key-file'
import { silentLogger } from '@loopline/telemetry/logger'
import { readConfig } from '../config.ts'
import { startVoice } from '../main.ts'

const keysText = process.env['LOOPLINE_KEYS'] ?? ''
const voice = await startVoice(readConfig(process.env), { keys: createKeyring(parseKeySet(keysText)), keysText, log: silentLogger() })
process.send?.({ link: voice.link })
process.once('disconnect', () => process.exit(0))
