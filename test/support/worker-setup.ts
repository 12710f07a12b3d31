/**
 * In each worker of the tests: the build is there, so what tests start is of it. A worker that is
 * told to end, or whose run is gone, ends as a process does that is done, so that what its tests
 * started ends with it.
 * @module
 */
import { startBuild } from '../../src/root.ts'

startBuild()
for (const event of ['SIGTERM', 'disconnect'])
  process.once(event, () => {
    process.exit(1)
  })
