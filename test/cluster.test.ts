import { expect, it } from 'vitest'

it('lets a process that has loaded it end with a code of its own', async () => {
  const listeners = () => [process.rawListeners('beforeExit'), process.rawListeners('exit')]
  const before = listeners()
  await import('./support/cluster.ts')
  expect(listeners()).toEqual(before)
})
