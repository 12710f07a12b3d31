import { expect, it } from 'vitest'
import { eventually } from './support/eventually.ts'
import { createTestApp } from './support/test-app.ts'
import { createWaitingProvider } from './support/waiting-provider.ts'

it('names the parts that have not closed', async () => {
  const closed = Promise.withResolvers<void>()
  const provider = createWaitingProvider({ models: [], runsHere: true })
  const sandpit = await createTestApp({
    providers: () => [{ ...provider, close: () => closed.promise }],
  })
  expect(sandpit.ending()).toEqual([])
  const ended = sandpit.close()
  await eventually(() => expect(sandpit.ending()).toEqual(['provider waiting']))
  closed.resolve()
  await ended
  expect(sandpit.ending()).toEqual([])
})
