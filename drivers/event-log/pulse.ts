/**
 * Work that runs when woken, and every `sweepMs` without being woken (a notification may be lost, P10); never twice
 * at once, and begun at most once per `gapMs`, so that a stream of wake-ups becomes a stream of batches.
 */
export interface Pulse {
  wake(): void
  /** Resolves when the run at hand has ended; nothing runs after. */
  stop(): Promise<void>
}

export interface PulseOptions {
  sweepMs: number
  gapMs?: number
  /** Resolves to true to run again at once: there was more than one batch. */
  run(): Promise<boolean>
  /** `run` failed; it is tried again after a pause that grows to `PAUSE_MAX_MS`. */
  onError(error: unknown): void
}

const PAUSE_MIN_MS = 50
const PAUSE_MAX_MS = 1_000

export function startPulse(options: PulseOptions): Pulse {
  const gapMs = options.gapMs ?? 0
  let stopped = false
  let woken = true
  let interrupt: (() => void) | undefined
  let failures = 0

  /** Ends early only when asked to by `wakes`: a pause after a failure is not cut short by notifications. */
  const sleep = (ms: number, wakes: boolean): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(done, ms)
      function done(): void {
        clearTimeout(timer)
        interrupt = undefined
        resolve()
      }
      interrupt = () => {
        if (wakes || stopped) done()
      }
    })

  const loop = async (): Promise<void> => {
    while (!stopped) {
      const started = performance.now()
      woken = false
      try {
        if (await options.run()) woken = true
        failures = 0
      } catch (error) {
        failures++
        options.onError(error)
      }
      if (stopped) return
      if (failures > 0) await sleep(Math.min(PAUSE_MIN_MS * 2 ** failures, PAUSE_MAX_MS) * (0.5 + Math.random() / 2), false)
      else if (!woken) await sleep(options.sweepMs, true)
      const rest = started + gapMs - performance.now()
      if (rest > 0 && failures === 0) await sleep(rest, false)
    }
  }
  const running = loop()
  return {
    wake() {
      woken = true
      interrupt?.()
    },
    async stop() {
      stopped = true
      interrupt?.()
      await running
    },
  }
}
