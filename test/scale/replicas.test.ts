import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { echo, writeModels } from '../support/models.ts'
import { createDatabase } from '../support/postgres.ts'
import { type Replicas, startReplicas } from '../support/replicas.ts'

let three: Replicas
beforeAll(async () => {
  const server = inject('postgres')
  const name = await createDatabase(server, inject('template'))
  three = await startReplicas({
    database: `${server}/${name}`,
    environment: { SANDPIT_MODELS: writeModels({ echo }) },
  })
}, 120_000)
afterAll(async () => {
  await three?.stop()
})

async function run(origin: string, model: string, input: object) {
  const response = await fetch(`${origin}/v1/predictions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ version: model, input }),
  })
  expect(response.status).toBe(201)
  return (await response.json()) as { id: string; status: string; output: unknown }
}

async function find(origin: string, id: string) {
  const response = await fetch(`${origin}/v1/predictions/${id}`)
  return (await response.json()) as { status: string; output: unknown }
}

it('runs what another replica accepted, and shows it at a third', async () => {
  const { id } = await run(three.at(0), 'team/echo', { text: 'over there' })
  await eventually(async () =>
    expect(await find(three.at(1), id)).toMatchObject({
      status: 'succeeded',
      output: 'over there',
    }),
  )
  const page = await fetch(`${three.at(2)}/p/${id}`)
  expect(await page.text()).toContain('over there')
})
