import { readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** Memory that a process holds, its children aside, in MB. */
export function residentMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** Processor time that a process has used, its children aside, in milliseconds. */
export function cpuMs(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? ''
  const fields = afterName.split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits until it holds, looking every `everyMs`; throws when `ms` have passed. */
export async function until(holds: () => boolean, ms: number, everyMs = 10): Promise<void> {
  const deadline = performance.now() + ms
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`It did not happen within ${ms} ms`)
    await sleep(everyMs)
  }
}
