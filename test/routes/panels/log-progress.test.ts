import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { writeModels } from '../../support/models.ts'
import { idIn } from '../../support/prediction-id.ts'
import { createTestApp, type TestApp } from '../../support/test-app.ts'
import { createVisitor } from '../../support/visitor.ts'

const models = writeModels({
  sampler: `
    import { existsSync } from 'node:fs'
    import { defineModel, z } from 'sandpit/model'
    const until = async (step, signal) => {
      while (!existsSync(step) && !signal.aborted) await new Promise((next) => setTimeout(next, 5))
    }
    const bar = (done) =>
      '\\rSampling: ' + String(2 * done).padStart(3) + '%|' + '█'.repeat(done / 5).padEnd(10) + '| ' +
      done + '/50 [00:03<00:04,  6.9it/s]'
    export const sampler = defineModel({
      name: 'test/sampler',
      description: 'Draws progress bars.',
      input: z.object({ steps: z.string() }),
      output: z.string(),
      async run({ steps }, { signal }) {
        for (let done = 0; done <= 20; done += 5) process.stderr.write(bar(done))
        await until(steps + '1', signal)
        for (let done = 25; done <= 50; done += 5) process.stderr.write(bar(done))
        console.log('\\nSaving')
        await until(steps + '2', signal)
        return 'a picture'
      },
    })`,
})

let sandpit: TestApp
beforeAll(async () => {
  sandpit = await createTestApp({ models: [models] })
})
afterAll(() => sandpit.close())

it('shows the progress that a run draws in its logs, until the loop is done', async () => {
  const visitor = createVisitor(sandpit)
  const steps = join(sandpit.data, 'step')
  const response = await visitor.run('test/sampler', { steps })
  const path = `/p/${idIn(response)}`
  const page = async () => (await visitor.request(path)).text()
  await eventually(async () => {
    const text = await page()
    expect(text).toContain('<label for="progress">Sampling</label>')
    expect(text).toContain('40 %, about')
    expect(text).toContain('value="0.4"')
  })
  writeFileSync(`${steps}1`, '')
  await eventually(async () => expect(await page()).toContain('Saving'))
  const saving = await page()
  expect(saving).toContain('no estimate</progress>')
  expect(saving).not.toContain('100 %')
  writeFileSync(`${steps}2`, '')
  await sandpit.runner.settledWithin(path.split('/').at(-1) ?? '', 60_000)
  const settled = await page()
  expect(settled).not.toContain('<progress')
  expect(settled.match(/Sampling:/g)).toHaveLength(1)
  expect(settled).toContain('2 lines')
  const whole = await (await visitor.request(`${path}/logs.txt`)).text()
  expect(whole.match(/Sampling:/g)).toHaveLength(11)
})
