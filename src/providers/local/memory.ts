import { readFileSync } from 'node:fs'

const pageBytes = 4_096

/** Resident memory of a process in bytes; null where the system does not tell. */
export function residentMemory(pid: number): number | null {
  try {
    const [, resident] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')
    return resident === undefined ? null : Number(resident) * pageBytes
  } catch {
    return null
  }
}
