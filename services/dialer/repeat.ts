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
  const run = async (): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isStopped) log.warn({ err: error, task: name }, 'a regular task failed; it is done again')
    }
    if (!isStopped) wait()
  }
  const wait = (): void => {
    timer = setTimeout(() => { turn = run() }, everyMs)
  }
  wait()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await turn
    },
  }
}
