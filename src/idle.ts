import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** The interval of the check whether the server is idle. */
const lookMs = 2_000

/** A server that used less processor time than this in the interval is idle. */
const idleMs = 100

/** Work of so much processor time leaves garbage worth collecting. A collection itself takes less. */
const leastWorkMs = 500

/**
 * Collects garbage when the server becomes idle. Otherwise V8 keeps the garbage of a burst until it
 * needs the memory, which on a large machine is never.
 */
export function collectWhenIdle(): void {
  setFlagsFromString('--expose-gc')
  const collect: NodeJS.GCFunction = runInNewContext('gc')
  let before = process.cpuUsage()
  let workMs = leastWorkMs
  const looking = setInterval(() => {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    const usedMs = (user + system) / 1_000
    workMs += usedMs
    if (usedMs >= idleMs || workMs < leastWorkMs) return
    workMs = 0
    collect({ type: 'major', execution: 'async' })
  }, lookMs)
  looking.unref()
}
