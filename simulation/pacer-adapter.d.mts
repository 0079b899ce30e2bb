/** What the adapter's tests see of it; the interface is the benchmark's. */
export const name: string
export function createPacer(options: object): { onEvent(event: object): void; decide(state: object, nowMs: number): number | { launch: number; cancel: unknown[] } }
