import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiAt } from '../support/api-at.ts'
import { eventually } from '../support/eventually.ts'
import { echo, writeModels } from '../support/models.ts'
import { type Replicas, startReplicas } from '../support/replicas.ts'
import { newDatabase } from './support.ts'

let three: Replicas
beforeAll(async () => {
  three = await startReplicas({
    database: await newDatabase(),
    environment: { SANDPIT_MODELS: writeModels({ echo }) },
  })
}, 120_000)
afterAll(async () => {
  await three?.stop()
})

it('runs what another replica accepted, and shows it at a third', async () => {
  const { id } = await apiAt(three.at(0)).run('team/echo', { text: 'over there' })
  await eventually(async () =>
    expect(await apiAt(three.at(1)).find(id)).toMatchObject({
      status: 'succeeded',
      output: 'over there',
    }),
  )
  const page = await fetch(`${three.at(2)}/p/${id}`)
  expect(await page.text()).toContain('over there')
})
