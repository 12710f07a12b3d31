import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** How often we look whether the work has ended. */
const lookMs = 2_000

/**
 * Gives memory back when the work is done: V8 keeps what a burst left behind until it needs the
 * room, which on a large machine is never. `isBusy` says whether anything is under way.
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
