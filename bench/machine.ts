/**
 * Tells what the machine did during a measurement: processor time of named process trees, time stolen by the
 * hypervisor, and foreign load, i.e. busy time that was none of the named. Linux only (/proc).
 */
import { readFileSync, readdirSync } from 'node:fs'

/** The kernel counts processor time in these per second (getconf CLK_TCK; 100 on every Linux we run on). */
const TICKS_PER_SECOND = 100

interface Stat {
  pid: number
  parent: number
  /** Own user and system time, and that of children that have ended and were waited for, in seconds. */
  seconds: number
  endedChildrenSeconds: number
}

function readStat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ').map(Number) // the name may hold spaces
    const at = (index: number): number => fields[index] as number
    return {
      pid, parent: at(1), seconds: (at(11) + at(12)) / TICKS_PER_SECOND, endedChildrenSeconds: (at(13) + at(14)) / TICKS_PER_SECOND,
    }
  } catch {
    return null
  }
}

/** Processor seconds used so far by these processes and all their living and waited-for descendants. */
export function cpuSecondsOf(roots: number[]): number {
  const stats = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => readStat(Number(name)) ?? [])
  const childrenOf = Map.groupBy(stats, (stat) => stat.parent)
  const byPid = new Map(stats.map((stat) => [stat.pid, stat]))
  const seen = new Set<number>()
  const sum = (pid: number): number => {
    const stat = byPid.get(pid)
    if (!stat || seen.has(pid)) return 0
    seen.add(pid)
    const children = (childrenOf.get(pid) ?? []).reduce((total, child) => total + sum(child.pid), 0)
    return stat.seconds + stat.endedChildrenSeconds + children
  }
  return roots.reduce((total, pid) => total + sum(pid), 0)
}

interface Processor {
  busySeconds: number
  stealSeconds: number
}

function processor(): Processor {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/\s+/).slice(1).map(Number)
  return { busySeconds: (user + nice + system + irq + softirq) / TICKS_PER_SECOND, stealSeconds: steal / TICKS_PER_SECOND }
}

export interface Load {
  wallSeconds: number
  /** Processor seconds by name of the group. */
  cpuSeconds: Record<string, number>
  /** Cores that were busy with something else, on average. */
  foreignLoad: number
  /** Share of one core that the hypervisor withheld, on average. */
  steal: number
}

/** Starts measuring; the function that comes back ends it. Groups are asked again at the end: processes may restart. */
export function measureLoad(groups: () => Record<string, number[]>): () => Load {
  const started = performance.now()
  const before = processor()
  const usedBefore = mapValues(groups(), cpuSecondsOf)
  return () => {
    const wallSeconds = (performance.now() - started) / 1000
    const after = processor()
    const cpuSeconds = mapValues(groups(), (pids, name) => Math.max(0, cpuSecondsOf(pids) - (usedBefore[name] ?? 0)))
    const ours = Object.values(cpuSeconds).reduce((total, seconds) => total + seconds, 0)
    return {
      wallSeconds,
      cpuSeconds,
      foreignLoad: Math.max(0, (after.busySeconds - before.busySeconds - ours) / wallSeconds),
      steal: (after.stealSeconds - before.stealSeconds) / wallSeconds,
    }
  }
}

/** Resident memory of a process in megabytes, 0 when it is gone. */
export function residentMb(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    return (pages * 4096) / 2 ** 20
  } catch {
    return 0
  }
}

function mapValues<From, To>(record: Record<string, From>, change: (value: From, name: string) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]))
}

/** The last line of every bench. */
export function printJson(fields: Record<string, unknown>): void {
  console.log(JSON.stringify(fields))
}
