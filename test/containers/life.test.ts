import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { standIn } from '../support/containers/stand-in-image.ts'
import { eventually } from '../support/eventually.ts'
import { type Sandpit, startSandpit } from './support.ts'

const model = 'team/echo'
const newer = 'localhost/team/echo:2'
/** Longer than a second container takes to start. */
const longMs = 20_000

let sandpit: Sandpit
beforeAll(async () => {
  sandpit = await startSandpit()
  // Without a process of its own that reaps others: the engine brings one.
  await sandpit.build({ name: newer, wishes: { greeting: 'welcome', hasInit: false } })
})
afterAll(() => sandpit.end())

/** The containers of a model that run. */
async function running(name = model) {
  const all = await sandpit.containers()
  return all.filter((one) => one.model === name && one.status === 'running')
}

const succeeded = async (id: string) => {
  const { status, error, output } = await sandpit.settled(id)
  expect(error).toBeNull()
  expect(status).toBe('succeeded')
  return output
}

// Each goes on where the one before it has ended.
describe('a model by its image', () => {
  it('is added by the name of the image, and has a form before anything runs', async () => {
    const found = await (await sandpit.send('/models/new', { where: standIn })).text()
    expect(found).toContain('Container image')
    expect(found).toContain(`value="${model}"`)
    const saved = await sandpit.send('/models', { where: standIn, name: model })
    expect(saved.status).toBe(303)
    const page = await sandpit.page(`/${model}`)
    expect(page).toContain('name="input.name"')
    expect(page).toContain('name="input.ms"')
    expect(await sandpit.containers()).toEqual([])
  })

  it('starts a container for the first run', async () => {
    const id = await sandpit.press(model, { name: 'ann' })
    expect(await succeeded(id)).toBe('hello ann')
    const page = await sandpit.page(`/p/${id}`)
    expect(page).toContain('hello ann')
    expect(await running()).toHaveLength(1)
  })

  it('runs the next one in the same container', async () => {
    const [before] = await running()
    expect(await succeeded(await sandpit.press(model, { name: 'bob' }))).toBe('hello bob')
    expect(await running()).toEqual([before])
  })

  it('starts a second container where two are allowed and the line is long, and no third', async () => {
    await sandpit.add('pair', standIn)
    await sandpit.choose('team/pair', { max: 2 })
    const runs = await Promise.all(
      ['ann', 'bob', 'carl', 'dora'].map((name) => sandpit.run('team/pair', { name, ms: longMs })),
    )
    await eventually(async () => {
      const all = await Promise.all(runs.map(({ id }) => sandpit.find(id)))
      const statuses = all.map(({ status }) => status)
      expect(statuses.filter((one) => one === 'processing')).toHaveLength(2)
    })
    expect(await running('team/pair')).toHaveLength(2)
    for (const { id } of runs) await sandpit.cancel(id)
    for (const { id } of runs)
      expect((await sandpit.settled(id)).status).toMatch(/canceled|aborted/)
  })

  it('keeps none that is idle, and starts one again for the next run', async () => {
    const before = await running()
    await sandpit.choose(model, { idle: 1 })
    await eventually(async () =>
      expect((await sandpit.containers()).filter((one) => one.model === model)).toEqual([]),
    )
    const { id } = await sandpit.run(model, { name: 'carl' })
    expect(await succeeded(id)).toBe('hello carl')
    const now = await running()
    expect(now).toHaveLength(1)
    expect(now).not.toEqual(before)
  })

  it('runs a newer image by default, and the earlier version beside it when it is asked for', async () => {
    await sandpit.choose(model)
    const { id: first } = (await sandpit.get(`/v1/models/${model}`)).latest_version
    const { id: second } = await sandpit.post(`/v1/models/${model}/versions`, { image: newer }, 201)
    expect(second).not.toBe(first)
    const [now, pinned] = [
      await sandpit.run(model, { name: 'ann' }),
      await sandpit.run(`${model}:${first}`, { name: 'ann' }),
    ]
    await eventually(async () => {
      const versions = (await running()).map(({ version }) => version)
      expect(versions.sort()).toEqual([first, second].sort())
    })
    expect(await succeeded(now.id)).toBe('welcome ann')
    expect(await succeeded(pinned.id)).toBe('hello ann')
  })
})
