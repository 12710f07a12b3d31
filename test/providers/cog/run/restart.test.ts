import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { worker } from '../../support/cog-models.ts'
import { cogSandpit, cogServer } from '../../support/cog-sandpit.ts'
import { eventually } from '../../support/eventually.ts'

const name = 'team/model'
const folder = () => mkdtempSync(join(tmpdir(), 'sandpit-cog-restart-'))

it('follows a run on by its webhooks when the server is started again', async () => {
  const { model, finish } = worker()
  const server = await cogServer({ model })
  const options = { models: { [name]: [server] }, reachable: true, data: folder() }
  const before = await cogSandpit(options)
  const id = await before.press(name)
  await before.until(id, ({ logs }) => logs === 'working\n')
  await before.close()
  expect(server.working()).toBe(1)

  const after = await cogSandpit({ ...options, port: before.port })
  finish('after all')
  const made = await after.settled(id)
  expect(made).toMatchObject({ status: 'succeeded', output: 'after all', attempt: 1 })
  expect(made.logs).toBe('working\n')
  expect(server.starts()).toBe(1)
})

it('runs again, and says so, when the end was told while the server was away', async () => {
  const { model, finish } = worker()
  const server = await cogServer({ model })
  const options = { models: { [name]: [server] }, reachable: true, data: folder() }
  const before = await cogSandpit(options)
  const id = await before.press(name)
  await before.until(id, ({ logs }) => logs === 'working\n')
  await before.close()
  finish('told to nobody')
  await eventually(() => server.working() === 0)

  const after = await cogSandpit({ ...options, port: before.port })
  const made = await after.settled(id)
  expect(made).toMatchObject({ status: 'succeeded', output: 'told to nobody', attempt: 2 })
  expect(made.logs).toMatch(/^The server stopped during this run\. It was restarted/)
  expect(server.asked).toContain(`PUT /predictions/${id}-2`)
  expect(server.starts()).toBe(2)
})

it.each(['0.14', '0.16', 'coglet'] as const)(
  'stops a run whose end nobody could tell, and runs it again (%s)',
  async (generation) => {
    const { model, finish } = worker()
    const server = await cogServer({ model, generation })
    const options = { models: { [name]: [server] }, data: folder() }
    const before = await cogSandpit(options)
    const id = await before.press(name)
    await eventually(() => server.working() === 1)
    await before.close()
    await eventually(() => server.working() === 0)

    const after = await cogSandpit(options)
    await eventually(() => server.working() === 1)
    finish()
    const made = await after.settled(id)
    expect(made).toMatchObject({ status: 'succeeded', output: 'done', attempt: 2 })
    expect(server.starts()).toBe(2)
  },
)

it('waits until a container that cannot cancel is done, and runs it again', async () => {
  const { model, finish } = worker()
  const server = await cogServer({ model, generation: '0.9' })
  const options = { models: { [name]: [server] }, data: folder() }
  const before = await cogSandpit(options)
  const id = await before.press(name)
  await eventually(() => server.working() === 1)
  await before.close()

  const after = await cogSandpit(options)
  await after.until(id, ({ progress }) => /interrupted/.test(progress?.label ?? ''))
  expect(server.starts()).toBe(1)
  finish()
  expect(await after.settled(id)).toMatchObject({ status: 'succeeded', attempt: 2 })
  expect(server.starts()).toBe(2)
})

it('fails a run whose container is not known any more', async () => {
  const { model } = worker()
  const [server, other] = [await cogServer({ model }), await cogServer({ model })]
  const data = folder()
  const before = await cogSandpit({ models: { [name]: [server] }, data })
  const id = await before.press(name)
  await eventually(() => server.working() === 1)
  await before.close()

  const after = await cogSandpit({ models: { [name]: [other] }, data })
  expect((await after.settled(id)).error).toMatch(/no longer configured/)
})

it('cancels a run that it follows on', async () => {
  const { model } = worker()
  const server = await cogServer({ model })
  const options = { models: { [name]: [server] }, reachable: true, data: folder() }
  const before = await cogSandpit(options)
  const id = await before.press(name)
  await before.until(id, ({ logs }) => logs === 'working\n')
  await before.close()

  const after = await cogSandpit({ ...options, port: before.port })
  const followed = await after.runner.find(id)
  await eventually(async () => followed !== null && (await after.runner.place(followed)) === null)
  await after.runner.cancel(id)
  expect(await after.settled(id)).toMatchObject({ status: 'canceled' })
  await eventually(() => server.working() === 0)
})
