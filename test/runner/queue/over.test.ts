import { expect, it } from 'vitest'
import { createTestApp } from '../../support/test-app.ts'
import { createWaitingProvider } from '../../support/waiting-provider.ts'

it('counts a run no more once its result is there, while it still tidies up', async () => {
  const tidied = Promise.withResolvers<void>()
  const waiting = createWaitingProvider({
    models: [{ name: 'waiter', copies: 1 }],
    runsHere: true,
  })
  const provider: typeof waiting = {
    ...waiting,
    async *run(run) {
      yield* waiting.run(run)
      await tidied.promise
    },
  }
  const sandpit = await createTestApp({ providers: () => [provider] })
  const { runner } = sandpit
  const ref = { owner: 'test', name: 'waiter' }
  const model = await runner.findModel(ref)
  if (!model) throw new Error('There is no such model')
  const request = { model, input: { ms: 1 }, files: [], source: 'web', formKey: null } as const
  async function start(): Promise<string> {
    const started = await runner.start({ ...request, createdBy: 'ada' })
    if (!started.ok) throw new Error(started.reason)
    return started.prediction.id
  }

  const first = await start()
  expect((await runner.settledWithin(first, 60_000))?.status).toBe('succeeded')
  expect(await runner.load(ref)).toEqual({ running: 0, waiting: 0 })
  const page = await (await sandpit.app.request('/test/waiter')).text()
  expect(page).toContain('data-estimate')
  expect(page).not.toContain('before you')

  // It has its place until then.
  const second = await start()
  expect(await runner.load(ref)).toEqual({ running: 0, waiting: 1 })
  expect((await runner.find(second))?.status).toBe('starting')
  tidied.resolve()
  expect((await runner.settledWithin(second, 60_000))?.status).toBe('succeeded')
  await sandpit.close()
})
