import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freePort } from '../../../support/free-port.ts'
import { worker } from '../../support/cog-models.ts'
import { cogSandpit, cogServer } from '../../support/cog-sandpit.ts'
import { eventually } from '../../support/eventually.ts'

const name = 'team/model'
const sharedFolder = () => mkdtempSync(join(tmpdir(), 'sandpit-cog-ways-'))

/** A port that nobody listens at. */

describe('a container on this machine, where no address was set', () => {
  it('reports to our own address, and fetches its files there once it has', async () => {
    const port = await freePort()
    const { model, finish } = worker()
    const server = await cogServer({ model })
    const environment = { PORT: String(port) }
    const sandpit = await cogSandpit({ models: { [name]: [server] }, port, environment })
    const id = await sandpit.press(name)
    await sandpit.until(id, ({ logs }) => logs === 'working\n')
    finish()
    expect(await sandpit.settled(id)).toMatchObject({ status: 'succeeded', logs: 'working\n' })
    expect(server.bodies).toMatchObject([
      {
        webhook: expect.stringContaining(`http://127.0.0.1:${port}/hooks/cog/`),
        webhook_events_filter: ['start', 'output', 'logs'],
      },
    ])
    expect((await sandpit.run(name)).remote).toContain(`#http://127.0.0.1:${port}`)
    expect(server.bodies[1]).toMatchObject({
      webhook_events_filter: ['start', 'output', 'logs', 'completed'],
    })
    expect((await sandpit.providers[0]?.state())?.sentence).toBe('1 of 1 container ready.')
  })

  it('says on the page and in the settings what to set when it cannot', async () => {
    const environment = { PORT: String(await freePort()) }
    const { model, finish } = worker()
    const server = await cogServer({ model })
    const sandpit = await cogSandpit({ models: { [name]: [server] }, environment })
    const id = await sandpit.press(name)
    await sandpit.until(id, ({ progress }) => /SANDPIT_CALLBACK_URL/.test(progress?.label ?? ''))
    expect(await sandpit.page(`/p/${id}`)).toContain('Set SANDPIT_CALLBACK_URL')
    expect((await sandpit.providers[0]?.state())?.sentence).toContain('Set SANDPIT_CALLBACK_URL')
    finish()
    expect(await sandpit.settled(id)).toMatchObject({ status: 'succeeded', logs: 'working\n' })
    await sandpit.run(name)
    expect(server.bodies.map((body) => 'webhook' in (body as object))).toEqual([true, false])
  })

  it('is followed on by what it posts after a restart', async () => {
    const port = await freePort()
    const first = worker()
    const server = await cogServer({ model: first.model })
    const environment = { PORT: String(port) }
    const options = { models: { [name]: [server] }, port, environment, data: sharedFolder() }
    const before = await cogSandpit(options)
    const proof = await before.press(name)
    await before.until(proof, ({ logs }) => logs === 'working\n')
    first.finish()
    await before.settled(proof)
    const second = worker()
    server.serveSame(second.model)
    const id = await before.press(name)
    await before.until(id, ({ logs }) => logs === 'working\n')
    await before.close()
    expect(server.working()).toBe(1)
    const after = await cogSandpit(options)
    second.finish('after all')
    expect(await after.settled(id)).toMatchObject({ output: 'after all', attempt: 1 })
    await eventually(() => server.starts() === 2)
  })
})
