import { execFile } from 'node:child_process'
import { platform } from 'node:os'
import { residentMemory } from './start-copy.ts'

/** The resident memory of a process in bytes; null when it is gone, or that is not known. */
export function memoryOf(pid: number): Promise<number | null> {
  if (platform() === 'linux') return Promise.resolve(residentMemory(pid))
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], { timeout: 2_000 }, (error, out) => {
      const kilobytes = Number.parseInt(out, 10)
      resolve(error || Number.isNaN(kilobytes) ? null : kilobytes * 1024)
    })
  })
}
