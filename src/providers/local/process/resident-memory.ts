import { readFileSync } from 'node:fs'

/** Resident memory of a process in bytes; null except on Linux. */
export function residentMemory(pid: number): number | null {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readStatus(pid)) ?? []
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}

function readStatus(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'latin1')
}
