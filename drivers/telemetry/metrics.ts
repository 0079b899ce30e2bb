import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

export { Gauge, Histogram, Registry } from 'prom-client'

/** From 1 ms to 10 s; the promises of the loop (100 ms, 200 ms, 1 s) are bucket borders. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]

/** A registry with the process's default metrics and the stall gauge; `service` labels every series. */
export function createRegistry(service: string): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  addStallGauge(registry)
  return registry
}

/** A histogram of durations in seconds under `loopline_<name>_seconds`; observe seconds, or use `startTimer()`. */
export function durationHistogram(registry: Registry, name: string, help: string): Histogram {
  return new Histogram({ name: `loopline_${name}_seconds`, help, buckets: SECONDS, registers: [registry] })
}

/** The numbers of the loop, each a histogram in seconds. A service observes those it can see. */
export interface LoopHistograms {
  /** A committed edit → the ready pool has changed accordingly. */
  editToPool: Histogram
  /** Gate, rules and routing for one attempt. */
  decision: Histogram
  /** INVITE sent → final response handled. */
  inviteToFinal: Histogram
  /** The call ended → its outcome is on the customer's record. */
  hangUpToRecord: Histogram
}

export function loopHistograms(registry: Registry): LoopHistograms {
  return {
    editToPool: durationHistogram(registry, 'edit_to_pool', 'From a committed edit to the changed ready pool.'),
    decision: durationHistogram(registry, 'decision', 'Gate, rules and routing for one attempt.'),
    inviteToFinal: durationHistogram(registry, 'invite_to_final', 'From INVITE sent to final response handled.'),
    hangUpToRecord: durationHistogram(registry, 'hang_up_to_record', "From the end of a call to the customer's record."),
  }
}

/** The longest time since the last scrape in which the event loop did not turn. Promise P19: at most 50 ms. */
function addStallGauge(registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  new Gauge({
    name: 'loopline_event_loop_stall_seconds',
    help: 'Longest stall of the event loop since the last scrape.',
    registers: [registry],
    collect() {
      this.set(Math.max(0, delay.max / 1e9 - 0.01))
      delay.reset()
    },
  })
}
