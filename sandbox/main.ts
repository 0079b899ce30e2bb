import { startCarrier } from './carrier.ts'
import { readConfig } from './config.ts'

const config = readConfig(process.env, process.argv.slice(2))
/** Whoever started us chose the ports and may choose others (apps/server/supervisor.ts). */
const PORT_TAKEN_EXIT = 98
const carrier = await startCarrier({
  address: config.CARRIER_ADDRESS,
  port: config.CARRIER_PORT,
  controlPort: config.CARRIER_CONTROL_PORT,
  seed: config.CARRIER_SEED,
  voices: config.CARRIER_VOICES,
  settings: { profile: config.CARRIER_PROFILE, calleeOffsetMs: config.CARRIER_CALLEE_OFFSET_MS, timeScale: config.CARRIER_TIME_SCALE, callBackPercent: config.CARRIER_CALL_BACK_PERCENT },
  ...(config.CARRIER_LOG === '' ? {} : { logPath: config.CARRIER_LOG }),
}).catch((error: NodeJS.ErrnoException) => {
  console.error(error.message)
  process.exit(error.code === 'EADDRINUSE' ? PORT_TAKEN_EXIT : 1)
})

const told = { sip: `${config.CARRIER_ADDRESS}:${carrier.port}`, control: `http://127.0.0.1:${carrier.controlPort}` }
if (process.send === undefined) console.log(JSON.stringify(told))
else process.send({ ready: true, told })

const stop = (): void => {
  carrier.stop().then(() => process.exit(0), () => process.exit(1))
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.once('disconnect', stop) // whoever started us is gone
