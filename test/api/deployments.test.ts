import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { writeModels } from '../support/models.ts'
import { type ApiServer, mismatches, models, startApi } from './support.ts'

let sandpit: ApiServer
let owner: string
beforeAll(async () => {
  sandpit = await startApi()
  owner = (await sandpit.replicate.accounts.current()).username
})
afterAll(() => sandpit.stop())
afterEach(async () => expect(await mismatches()).toEqual([]))

async function deploy(name: string, model: string, max_instances: number) {
  const [modelOwner = '', modelName = ''] = model.split('/')
  const { latest_version } = await sandpit.replicate.models.get(modelOwner, modelName)
  return sandpit.replicate.deployments.create({
    name,
    model,
    version: latest_version?.id ?? '',
    hardware: 'sandpit',
    min_instances: 0,
    max_instances,
  })
}

const send = (name: string, input: object) =>
  sandpit.replicate.deployments.predictions.create(owner, name, { input })

const statusOf = async (id: string) => (await sandpit.replicate.predictions.get(id)).status

it('is made, read, listed, changed and deleted by Replicate’s own client', async () => {
  const made = await deploy('first', 'test/echo', 2)
  expect(made).toMatchObject({
    owner,
    name: 'first',
    current_release: {
      number: 1,
      model: 'test/echo',
      created_by: { type: 'organization', username: owner },
      configuration: { hardware: 'sandpit', min_instances: 0, max_instances: 2 },
    },
  })
  expect(await sandpit.replicate.deployments.get(owner, 'first')).toEqual(made)
  const { results } = await sandpit.replicate.deployments.list()
  expect(results).toContainEqual(made)
  const changed = await sandpit.replicate.deployments.update(owner, 'first', {
    min_instances: 1,
    max_instances: 3,
  })
  expect(changed.current_release).toMatchObject({
    number: 2,
    configuration: { min_instances: 1, max_instances: 3 },
  })
  await sandpit.replicate.deployments.delete(owner, 'first')
  await expect(sandpit.replicate.deployments.get(owner, 'first')).rejects.toThrow('404')
})

it('refuses what could not be run', async () => {
  await deploy('once', 'test/echo', 1)
  await expect(deploy('once', 'test/echo', 1)).rejects.toThrow('409')
  await expect(deploy('no good', 'test/echo', 1)).rejects.toThrow('422')
  await expect(deploy('many', 'test/echo', 21)).rejects.toThrow('422')
  const asked = { name: 'x', hardware: 'sandpit', min_instances: 0, max_instances: 1 }
  for (const [model, version] of [
    ['test/none', 'f'.repeat(64)],
    ['test/echo', 'f'.repeat(64)],
    ['echo', ''],
  ])
    expect(
      (await sandpit.ask('/v1/deployments', { json: { ...asked, model, version } })).status,
    ).toBe(422)
})

it('runs what is sent to it, and says so', async () => {
  await deploy('plain', 'test/echo', 1)
  const made = await send('plain', { text: 'through' })
  const done = await sandpit.replicate.wait(made)
  expect(done).toMatchObject({ output: 'through', deployment: `${owner}/plain` })
  await expect(send('nowhere', { text: 'x' })).rejects.toThrow('404')
  await expect(send('plain', { text: 1 })).rejects.toThrow('422')
})

it('runs only so many at once, lets others pass, and heeds a change at once', async () => {
  await deploy('narrow', 'test/slow', 1)
  const first = await send('narrow', {})
  const second = await send('narrow', {})
  const direct = await sandpit.replicate.predictions.create({ model: 'test/slow', input: {} })
  const running = async (id: string) => expect(await statusOf(id)).toBe('processing')
  await eventually(() => running(first.id))
  await eventually(() => running(direct.id))
  expect(await statusOf(second.id)).toBe('starting')

  await sandpit.replicate.deployments.update(owner, 'narrow', { max_instances: 2 })
  await eventually(() => running(second.id))

  await sandpit.replicate.deployments.update(owner, 'narrow', { max_instances: 0 })
  const third = await send('narrow', {})
  await sandpit.replicate.predictions.cancel(first.id)
  await sandpit.replicate.predictions.cancel(second.id)
  expect(await statusOf(third.id)).toBe('starting')
  await sandpit.replicate.deployments.delete(owner, 'narrow')
  await eventually(() => running(third.id))
  for (const { id } of [third, direct]) await sandpit.replicate.predictions.cancel(id)
})

it('keeps its model and its version from being deleted', async () => {
  await sandpit.replicate.models.create('ann', 'held', { visibility: 'public', hardware: 'x' })
  const folder = join(writeModels({ plain: models.echo }), 'plain')
  const path = '/v1/models/ann/held'
  const { id } = await (await sandpit.ask(`${path}/versions`, { json: { folder } })).json()
  await deploy('holding', 'ann/held', 1)
  for (const one of [path, `${path}/versions/${id}`]) {
    const refused = await sandpit.ask(one, { method: 'DELETE' })
    expect(refused.status).toBe(422)
    expect((await refused.json()).detail).toContain(`${owner}/holding`)
  }
  await sandpit.replicate.deployments.delete(owner, 'holding')
  expect((await sandpit.ask(path, { method: 'DELETE' })).status).toBe(204)
})
