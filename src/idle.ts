import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** The interval of the check whether the server is idle. */
const lookMs = 2_000

/**
 * Collects garbage when the server becomes idle. Otherwise V8 keeps the garbage of a burst until it
 * needs the memory, which on a large machine is never.
 */
export function collectWhenIdle(isBusy: () => boolean): void {
  setFlagsFromString('--expose-gc')
  const collect: NodeJS.GCFunction = runInNewContext('gc')
  let worked = true
  const looking = setInterval(() => {
    const busy = isBusy()
    if (!busy && worked) collect({ type: 'major', execution: 'async' })
    worked = busy
  }, lookMs)
  looking.unref()
}
