import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { usualInstances } from '../../../../src/domain/instance/choices.ts'
import { asking, hello, worker } from '../../support/cog-models.ts'
import { type CogSandpitOptions, cogSandpit, cogServer } from '../../support/cog-sandpit.ts'
import type { CogServer } from '../../support/cog-server.ts'
import { eventually } from '../../support/eventually.ts'

const name = 'team/cold'
const ref = { owner: 'team', name: 'cold' }

/** The proxy of a service that has scaled to zero: it answers with this status until the container is there. */
function sleepsAt(server: CogServer, status = 503): { wake(): void } {
  server.intercept((_request, response) => {
    response.writeHead(status).end('upstream connect error')
    return true
  })
  return { wake: () => server.intercept(null) }
}

/** A model that was added by a URL that starts on demand, with nothing asked of it since. */
async function withModel(
  { origin, asked }: CogServer,
  more: Omit<Partial<CogSandpitOptions>, 'now'> = {},
) {
  let time = Date.now()
  const sandpit = await cogSandpit({ models: {}, ...more, now: () => time })
  const saved = await sandpit.operate('/models', { where: origin, name, 'on-demand': 'yes' })
  expect(saved.status).toBe(303)
  await sandpit.model(name)
  await eventually(() => asked.length >= 4)
  asked.length = 0
  function pass(ms: number): void {
    time += ms
  }
  return { ...sandpit, pass }
}

describe('a URL that starts on demand', () => {
  it('is kept as such, and asked nothing while nobody runs it', async () => {
    const server = await cogServer({ model: hello })
    const awake = await cogServer({ model: hello })
    const sandpit = await withModel(server, { models: { 'team/awake': [awake] } })
    expect(sandpit.records.find(ref)?.source).toEqual({
      provider: 'cog',
      urls: [server.origin],
      onDemand: true,
    })
    await sandpit.page('/team/cold')
    await sandpit.page('/settings')
    await sandpit.page('/settings/upstreams')
    await sandpit.page('/')
    // The other one is looked at all the time.
    const before = awake.asked.length
    await eventually(() => awake.asked.length > before + 5)
    expect(server.asked).toEqual([])
  })

  it('has its form after a restart, without being asked', async () => {
    const server = await cogServer({ model: hello })
    const data = mkdtempSync(join(tmpdir(), 'sandpit-cog-cold-'))
    const before = await withModel(server, { data })
    const { version } = await before.model(name)
    await before.close()
    server.asked.length = 0
    const sandpit = await cogSandpit({ models: {}, data })
    expect((await sandpit.model(name)).version.id).toBe(version.id)
    const page = await sandpit.page('/team/cold')
    expect(page).toContain('name="input.name"')
    expect(page).toContain('data-state="cold"')
    expect(await sandpit.providers[0]?.upstreams?.()).toMatchObject([
      { kind: 'works', sentence: 'It starts when a run needs it.' },
    ])
    expect(server.asked).toEqual([])
  })

  it.each([502, 503, 504, 'refused'] as const)(
    'starts for a run, which waits for it (%s)',
    async (how) => {
      const server = await cogServer({ model: hello })
      const sandpit = await withModel(server)
      if (how === 'refused') await server.kill()
      const { wake } = how === 'refused' ? { wake: server.restart } : sleepsAt(server, how)
      const id = await sandpit.press(name, { name: 'x' })
      await sandpit.until(id, ({ progress }) => progress?.label === 'Its container is starting')
      expect(await sandpit.page('/team/cold')).toContain('data-state="booting"')
      // Far beyond the minute that others get.
      sandpit.pass(10 * 60_000)
      await wake()
      const made = await sandpit.settled(id)
      expect(made).toMatchObject({ status: 'succeeded', output: 'hello x' })
      server.asked.length = 0
      sandpit.pass(5 * 60_000)
      expect(await sandpit.page('/team/cold')).toContain('data-state="cold"')
      expect(server.asked).toEqual([])
    },
  )

  it('has the boot limit of its model to start', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await withModel(server)
    const record = sandpit.records.of(ref)
    const instances = { ...usualInstances, bootMs: 120_000 }
    await sandpit.records.save({ ...record, settings: { ...record.settings, instances } })
    expect((await sandpit.model(name)).limits.bootMs).toBe(120_000)
    sleepsAt(server)
    const id = await sandpit.press(name, { name: 'x' })
    await sandpit.until(id, ({ progress }) => progress?.label === 'Its container is starting')
    sandpit.pass(121_000)
    expect((await sandpit.settled(id)).error).toBe(
      `Its container was not ready after 120 s. The container at ${server.origin} cannot be reached: /health-check returned 503.`,
    )
  })

  it('takes over what the container says when it has changed', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await withModel(server)
    server.serve({ ...hello, input: asking({ title: { type: 'string' } }) })
    expect((await sandpit.run(name, { name: 'x' })).error).toMatch(/has changed since/)
    expect(await sandpit.page('/team/cold')).toContain('name="input.title"')
    expect((await sandpit.run(name, { title: 'x' })).status).toBe('succeeded')
  })

  it('is asked nothing else while the request for a run is under way', async () => {
    const { model, finish } = worker()
    const server = await cogServer({ model })
    const other = await cogServer({ model })
    const sandpit = await withModel(server, { models: { 'team/other': [other] } })
    const ids = [await sandpit.press(name), await sandpit.press('team/other')]
    await eventually(() => server.working() === 1 && other.working() === 1)
    server.asked.length = 0
    const before = other.asked.length
    await eventually(() => other.asked.length > before + 5)
    expect(server.asked).toEqual([])
    finish()
    for (const id of ids) expect((await sandpit.settled(id)).status).toBe('succeeded')
  })

  it('sends a run again that came while its container went', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await withModel(server)
    let puts = 0
    server.intercept((request, response) => {
      if (request.method === 'PUT') puts++
      if (puts === 0 || puts > 1) return false
      response.writeHead(503).end('no healthy upstream')
      if (request.method !== 'PUT') puts++
      return true
    })
    expect((await sandpit.run(name, { name: 'x' })).output).toBe('hello x')
  })

  it('says that a proxy gave up on a run', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await withModel(server)
    server.intercept((request, response) => {
      if (request.method !== 'PUT') return false
      response.writeHead(504).end('upstream request timeout')
      return true
    })
    expect((await sandpit.run(name, { name: 'x' })).error).toMatch(/its time limit is shorter/)
  })

  it('is no longer one when it is added again as an ordinary URL', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await withModel(server)
    await sandpit.operate('/models', { where: server.origin, name })
    expect(sandpit.records.find(ref)?.source).toEqual({ provider: 'cog', urls: [server.origin] })
    await eventually(() => server.asked.length > 10)
  })
})

describe('adding a URL that sleeps', () => {
  it('offers to wait for it, shows that it waits, and finds it', async () => {
    const server = await cogServer({ model: hello })
    const { wake } = sleepsAt(server)
    const sandpit = await cogSandpit({ models: {}, limits: { pageAskMs: 20 } })
    const plain = await sandpit.operate('/models/new', { where: server.origin })
    expect(plain.status).toBe(422)
    expect(await plain.text()).toContain('Wait for it to start')
    const look = () => sandpit.operate('/models/new', { where: server.origin, 'on-demand': 'yes' })
    const pending = await look()
    expect(pending.status).toBe(200)
    expect(await pending.text()).toMatch(/Waiting for the container at.*Look again/s)
    wake()
    let html = ''
    await eventually(async () => {
      html = await (await look()).text()
      return html.includes('>name<')
    })
    expect(html).toMatch(/name="on-demand" value="yes" checked/)
  })
})
