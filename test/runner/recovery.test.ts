import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { ModelRef } from '../../src/domain/model-ref.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { writeModels } from '../support/models.ts'
import { createTestApp } from '../support/test-app.ts'
import { createVisitor } from '../support/visitor.ts'

const model = (name: string) => `
  import { setTimeout as wait } from 'node:timers/promises'
  import { defineModel, z } from 'sandpit/model'
  export const ${name} = defineModel({
    name: 'test/${name}',
    description: 'Takes its time.',
    input: z.object({ ms: z.int().default(0) }),
    output: z.string(),
    async run({ ms }, { signal }) { await wait(ms, undefined, { signal }); return 'done' },
  })`
const models = writeModels({ fine: model('fine'), bad: model('bad') })

it('is of all the others when one cannot be taken up', async () => {
  const data = mkdtempSync(join(tmpdir(), 'sandpit-recovery-'))
  const first = await createTestApp({ models: [models], data })
  const run = async (name: string) => {
    const found = await first.runner.findModel({ owner: 'test', name })
    if (!found) throw new Error(`There is no ${name}`)
    const request = { input: { ms: 200 }, files: [], createdBy: 'ada', formKey: null }
    const started = await first.runner.start({ ...request, model: found, source: 'api' })
    if (!started.ok) throw new Error(started.reason)
    return started.prediction.id
  }
  const [bad, fine] = [await run('bad'), await run('fine')]
  const { providers } = first.deps
  await first.close()

  const broken = providers.map(
    (provider): Provider => ({
      ...provider,
      async find(ref: ModelRef, version?: string) {
        if (ref.name === 'bad') throw new Error('This model cannot even be looked for')
        return provider.find(ref, version)
      },
    }),
  )
  const second = await createTestApp({ data, providers: () => broken })
  await second.runner.recover()
  expect(await second.runner.settledWithin(fine, 60_000)).toMatchObject({ status: 'succeeded' })
  expect(await second.runner.settledWithin(bad, 60_000)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('could not resume it'),
  })
  const page = await createVisitor(second).request(`/p/${bad}`)
  expect(page.status).toBe(200)
  await second.close()
  rmSync(data, { recursive: true, force: true })
})
