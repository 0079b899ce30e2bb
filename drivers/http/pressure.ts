import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { failed } from './coded-error.ts'

export interface PressureLimits {
  /** Requests under way at once; above it new ones are refused. */
  inFlightMax: number
  /** Mean delay of the event loop over the last second, in ms, above which new ones are refused. */
  loopDelayMaxMs: number
}

const ALWAYS_ANSWERED = new Set(['/health', '/ready', '/metrics'])
const SAMPLE_MS = 1_000

/** Overload is refused with 503 and Retry-After, not absorbed (reliability P13). Probes always pass. */
export function installPressureValve(app: FastifyInstance, limits: PressureLimits): void {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let loopDelayMs = 0
  const sampler = setInterval(() => {
    loopDelayMs = Math.max(0, delay.mean / 1e6 - 20)
    delay.reset()
  }, SAMPLE_MS).unref()
  let inFlight = 0
  const counted = new WeakSet<FastifyRequest>()

  app.addHook('onRequest', async (request) => {
    if (ALWAYS_ANSWERED.has(request.routeOptions.url ?? '')) return
    if (inFlight >= limits.inFlightMax || loopDelayMs > limits.loopDelayMaxMs) throw failed('OVERLOADED')
    inFlight += 1
    counted.add(request)
  })
  app.addHook('onResponse', async (request) => {
    if (counted.delete(request)) inFlight -= 1
  })
  app.addHook('onClose', async () => {
    clearInterval(sampler)
    delay.disable()
  })
}
