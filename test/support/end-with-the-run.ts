/**
 * A worker that is told to end, or whose run is gone, ends as a process does that is done, so that what its tests
 * started ends with it.
 * @module
 */
for (const event of ['SIGTERM', 'disconnect'])
  process.once(event, () => {
    process.exit(1)
  })

export {}
