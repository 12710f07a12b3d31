import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createTestApp, type TestApp } from '../../../support/test-app.ts'
import { eventually } from '../../support/eventually.ts'
import { providerOver, refOf } from '../../support/replica.ts'
import { type ScriptedModel, startReplicate } from '../../support/replicate-server.ts'

const ref = refOf('ann/worker')

/** Works until it is ended. */
const worker: ScriptedModel = {
  async run(run) {
    run.log('working\n')
    await run.work(600_000)
  },
}

/** A Sandpit that is started again and again on the same data. */
async function setUp() {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-restart-'))
  const server = await startReplicate({ 'ann/worker': worker })
  let sandpit: TestApp | null = null
  onTestFinished(async () => {
    await sandpit?.close()
    await server.close()
    rmSync(data, { recursive: true, force: true })
  })
  return {
    server,
    async start(): Promise<TestApp> {
      const providers = () => [providerOver(server, join(data, 'replicate'))]
      sandpit = await createTestApp({ data, providers })
      await sandpit.runner.recover()
      return sandpit
    },
  }
}

async function run({ runner }: TestApp) {
  const model = await runner.findModel(ref)
  if (!model) throw new Error('There is no model')
  const asked = { input: {}, files: [], createdBy: 'a test', source: 'api', formKey: null } as const
  const started = await runner.start({ model, ...asked })
  if (!started.ok) throw new Error(started.reason)
  return started.prediction.id
}

it('ends a run at Replicate that waits here for its turn to be followed on', async () => {
  const { server, start } = await setUp()
  const before = await start()
  const ids = [await run(before), await run(before)]
  const begun = async (id: string) => (await before.runner.find(id))?.logs === 'working\n'
  await eventually(async () => (await Promise.all(ids.map(begun))).every(Boolean))
  const record = before.records.of(ref)
  await before.records.save({ ...record, settings: { ...record.settings, copies: 1 } })
  await before.close()
  const after = await start()
  const found = (await Promise.all(ids.map((id) => after.runner.find(id)))).filter(
    (one) => one !== null,
  )
  let waits = ''
  await eventually(async () => {
    for (const one of found) if ((await after.runner.place(one))?.before === 0) waits = one.id
    return waits !== ''
  })
  await after.runner.cancel(waits)
  expect(await after.runner.find(waits)).toMatchObject({ status: 'canceled' })
  const { remote } = (await after.runner.find(waits)) ?? {}
  const statuses = server.runs().map(({ id, state }) => [id === remote, state.status])
  expect(statuses.sort()).toEqual([
    [false, 'processing'],
    [true, 'canceled'],
  ])
  expect(server.asked('POST predictions')).toHaveLength(3)
})

it('follows on what is called what, after any number of restarts', async () => {
  const { server, start } = await setUp()
  const first = await start()
  const id = await run(first)
  await eventually(async () => (await first.runner.find(id))?.logs === 'working\n')
  await first.close()
  for (let restarts = 0; restarts < 3; restarts++) {
    const sandpit = await start()
    await eventually(async () => (await sandpit.runner.find(id))?.remote === server.runs()[0]?.id)
    await sandpit.close()
  }
  server.runs()[0]?.make('done')
  server.runs()[0]?.end('succeeded')
  const last = await start()
  expect(await last.runner.settledWithin(id, 60_000)).toMatchObject({
    status: 'succeeded',
    output: 'done',
    attempt: 1,
  })
  expect(server.runs()).toHaveLength(1)
})
