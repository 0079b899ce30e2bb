/** Turns "wake me at" of thousands of calls into one timer of the runtime. Times: ms, monotonic. */
import { TimerHeap } from '@loopline/sip/timer-heap'

export interface Wakes {
  /** Infinity means never. */
  set(id: string, at: number): void
  cancel(id: string): void
  close(): void
}

export function createWakes(onWake: (id: string, now: number) => void): Wakes {
  const heap = new TimerHeap<string>()
  let timer: NodeJS.Timeout | null = null
  let armedFor = Infinity

  const arm = (): void => {
    const next = heap.nextAt
    if (next >= armedFor) return
    if (timer) clearTimeout(timer)
    armedFor = next
    timer = next === Infinity ? null : setTimeout(fire, Math.max(0, next - performance.now()))
  }
  const fire = (): void => {
    armedFor = Infinity
    timer = null
    const now = performance.now()
    // All that is due is taken out first: whoever asks to be woken at once again waits for the next turn of the loop,
    // so that one faulty call can never starve the sockets.
    const due: string[] = []
    for (let id = heap.takeDue(now); id !== undefined; id = heap.takeDue(now)) due.push(id)
    for (const id of due) onWake(id, now)
    arm()
  }
  return {
    set(id, at) {
      heap.set(id, at)
      arm()
    },
    cancel(id) {
      heap.remove(id)
    },
    close() {
      if (timer) clearTimeout(timer)
      armedFor = -Infinity
    },
  }
}
