import type { Logger } from '@loopline/telemetry/logger'

/** Something done again and again, never twice at once. */
export interface Repeated {
  stop(): Promise<void>
}

/** Runs `work` every `everyMs`, counted from its end; a failure is logged and the next turn comes as usual. */
export function repeat(name: string, everyMs: number, log: Logger, work: () => Promise<unknown>): Repeated {
  let timer: NodeJS.Timeout | undefined
  let turn = Promise.resolve()
  let isStopped = false
  const run = (): void => {
    turn = work().then(() => undefined, (error: unknown) => { if (!isStopped) log.warn({ err: error, task: name }, 'a regular task failed; it is done again') }).then(() => {
      if (!isStopped) timer = setTimeout(run, everyMs)
    })
  }
  timer = setTimeout(run, everyMs)
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await turn
    },
  }
}
