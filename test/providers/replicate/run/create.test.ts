import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createTestApp } from '../../../support/test-app.ts'
import { eventually } from '../../support/eventually.ts'
import { providerOver } from '../../support/replica.ts'
import { startReplicate } from '../../support/replicate-server.ts'

it('asks for a run only once it is on disk that it does', async () => {
  const server = await startReplicate({ 'test/model': { run: (run) => run.make('done') } })
  onTestFinished(server.close)
  /** A disk that keeps nothing of a run that is about to be asked for, until it is let. */
  const held = Promise.withResolvers<void>()
  const waiting: unknown[] = []
  const sandpit = await createTestApp({
    providers: (config) => [
      providerOver(server, join(config.data, 'replicate'), { saved: ['test/model'] }),
    ],
    wrapStore: (store) => ({
      ...store,
      async save(previous, next) {
        if (next.remote === '') {
          waiting.push(next.id)
          await held.promise
        }
        return store.save(previous, next)
      },
    }),
  })
  onTestFinished(sandpit.close)
  onTestFinished(() => held.resolve())
  const model = await sandpit.runner.findModel({ owner: 'test', name: 'model' })
  if (!model) throw new Error('The model is not there')
  const asked = { model, input: {}, files: [], createdBy: 'ada', source: 'api' } as const
  const started = await sandpit.runner.start({ ...asked, formKey: null })
  if (!started.ok) throw new Error(started.reason)
  await eventually(() => waiting.length > 0)
  // A request to the same server gives time for everything that can be sent without waiting for the disk.
  await fetch(`${server.origin}/v1/account`)
  for (let pass = 0; pass < 50; pass++) await turn()
  await fetch(`${server.origin}/v1/account`)
  expect(server.asked('POST predictions')).toEqual([])
  held.resolve()
  const settled = await sandpit.runner.settledWithin(started.prediction.id, 60_000)
  expect(settled).toMatchObject({ status: 'succeeded', output: 'done' })
  expect(server.asked('POST predictions')).toHaveLength(1)
})
