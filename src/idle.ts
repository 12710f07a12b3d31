import { performance } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** The interval of the check whether the server is idle. */
const lookMs = 2_000

/** Below this share of the interval, the event loop counts as idle. */
const idleShare = 0.05

/** Work of so many milliseconds leaves garbage worth collecting. A collection itself takes less. */
const leastWorkMs = 500

/**
 * Collects garbage when the server becomes idle. Otherwise V8 keeps the garbage of a burst until it
 * needs the memory, which on a large machine is never.
 */
export function collectWhenIdle(): void {
  setFlagsFromString('--expose-gc')
  const collect: NodeJS.GCFunction = runInNewContext('gc')
  let before = performance.eventLoopUtilization()
  let workMs = leastWorkMs
  const looking = setInterval(() => {
    const now = performance.eventLoopUtilization()
    const { active, utilization } = performance.eventLoopUtilization(now, before)
    before = now
    workMs += active
    if (utilization >= idleShare || workMs < leastWorkMs) return
    workMs = 0
    collect({ type: 'major', execution: 'async' })
  }, lookMs)
  looking.unref()
}
