import { readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** The resident memory of a process without its children, in MB. */
export function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** The processor time of a process without its children, in milliseconds. */
export function cpuMs(pid: number): number {
  const { own } = ticksOf(pid)
  return (own * 1000) / ticksPerSecond
}

/** That of a process and its children, those that have ended among them. */
export function familyCpuMs(pid: number): number {
  const { own, ofEnded } = ticksOf(pid)
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  const ofRunning = children.map((child) => ticksOfChild(Number(child)))
  return ((own + ofEnded + ofRunning.reduce((all, one) => all + one, 0)) * 1000) / ticksPerSecond
}

function ticksOf(pid: number) {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? ''
  const fields = afterName.split(' ').map(Number)
  const sum = (first: number) => (fields[first] ?? 0) + (fields[first + 1] ?? 0)
  return { own: sum(11), ofEnded: sum(13) }
}

/** A child may end before it is read. */
function ticksOfChild(pid: number): number {
  try {
    return ticksOf(pid).own
  } catch {
    return 0
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits until the condition holds, checking every `everyMs`; throws after `ms`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  ms: number,
  everyMs = 10,
): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not happen within ${ms} ms`)
    await sleep(everyMs)
  }
}
