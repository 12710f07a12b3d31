import { readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** The resident memory of a process without its children, in MB. */
export function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** The processor time of a process without its children, in milliseconds. */
export function cpuMs(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? ''
  const fields = afterName.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
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
