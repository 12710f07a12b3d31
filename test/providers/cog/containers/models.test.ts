import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asking, hello, textOutput, worker } from '../../support/cog-models.ts'
import type { CogModel } from '../../support/cog-run.ts'
import { cogSandpit, cogServer } from '../../support/cog-sandpit.ts'
import { eventually } from '../../support/eventually.ts'

const name = 'team/model'

describe('the page of a model in a container', () => {
  it('has the form of its schema, and a version of that schema alone', async () => {
    const [old, recent] = [
      await cogServer({ model: hello, generation: '0.9' }),
      await cogServer({ model: hello, generation: 'coglet' }),
    ]
    const sandpit = await cogSandpit({ models: { [name]: [old] } })
    const page = await sandpit.page('/team/model')
    expect(page).toContain('name="input.name"')
    expect(page).toMatch(/data-state="warm">\s*Warm/)
    expect(page).toContain('Cog')
    const elsewhere = await cogSandpit({ models: { [name]: [recent] } })
    const [a, b] = [await sandpit.model(name), await elsewhere.model(name)]
    expect(a.version.id).toMatch(/^[0-9a-f]{64}$/)
    expect(b.version.id).toBe(a.version.id)
    expect(Object.keys(a.version.schema.schemas).sort()).toEqual(['Input', 'Output'])
  })

  it.each([
    ['0.9', undefined],
    ['0.14', '0.14.12'],
    ['0.16', '0.16.8'],
    ['coglet', '0.22.0'],
  ] as const)(
    'knows which Cog it was built with (%s), after a restart too',
    async (generation, cog) => {
      const server = await cogServer({ model: hello, generation })
      const data = mkdtempSync(join(tmpdir(), 'sandpit-cog-version-'))
      const before = await cogSandpit({ models: { [name]: [server] }, data })
      await eventually(async () => (await before.model(name)).version.cogVersion === cog)
      await before.close()
      await server.kill()
      const after = await cogSandpit({ models: { [name]: [server] }, data })
      const { version } = await after.model(name)
      expect(version.cogVersion).toBe(cog)
      expect(await after.model(name)).toBe(await after.model(name))
    },
  )

  it('follows what its schema refers to', async () => {
    const size = { allOf: [{ $ref: '#/components/schemas/size' }], default: 'small' }
    const model: CogModel = {
      ...hello,
      input: asking({ size }),
      others: { size: { type: 'string', enum: ['small', 'large'] }, unused: { type: 'string' } },
    }
    const server = await cogServer({ model })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const { version } = await sandpit.model(name)
    expect(Object.keys(version.schema.schemas).sort()).toEqual(['Input', 'Output', 'size'])
    expect(await sandpit.page('/team/model')).toContain('value="large"')
  })

  it('has a new version when the container serves another schema', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const before = await sandpit.model(name)
    const made = await sandpit.run(name, { name: 'x' })
    server.serve({ ...hello, input: asking({ title: { type: 'string' } }) })
    await eventually(async () => (await sandpit.model(name)).version.id !== before.version.id)
    expect(await sandpit.page('/team/model')).toContain('name="input.title"')
    expect(await sandpit.page(`/p/${made.id}`)).toContain('hello x')
  })

  it('works while its container is off, after a restart too', async () => {
    const server = await cogServer({ model: hello })
    const data = mkdtempSync(join(tmpdir(), 'sandpit-cog-off-'))
    const before = await cogSandpit({ models: { [name]: [server] }, data })
    const { version } = await before.model(name)
    await before.close()
    await server.kill()
    const sandpit = await cogSandpit({ models: { [name]: [server] }, data })
    expect((await sandpit.model(name)).version.id).toBe(version.id)
    await eventually(async () => (await sandpit.page('/team/model')).includes('cannot be reached'))
    const page = await sandpit.page('/team/model')
    expect(page).toContain('name="input.name"')
    expect(page).toContain('data-state="cold"')
  })

  it('says what is wrong when nobody ever said what the model takes', async () => {
    const server = await cogServer({ model: hello })
    await server.kill()
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    expect((await sandpit.model(name)).broken).toMatch(
      /cannot be reached: the connection was refused/,
    )
    expect(await sandpit.page('/team/model')).toContain('This model cannot run')
    await server.restart()
    await eventually(async () => (await sandpit.model(name)).broken === null)
  })

  it('shows how long it starts, and what its set-up prints', async () => {
    const server = await cogServer({ model: hello, booting: true })
    server.become('STARTING', 'Loading weights 40%\n')
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    await sandpit.model(name)
    const page = await sandpit.page('/team/model')
    expect(page).toContain('data-state="booting"')
    expect(page).toMatch(/Starting for\s*<span class="mono" data-elapsed="[\d.]+">0:0\d/)
    server.become('SETUP_FAILED', 'Loading weights\nKeyError: no such layer\n')
    await eventually(async () =>
      (await sandpit.page('/team/model')).includes('data-status="failed"'),
    )
    const after = await sandpit.page('/team/model')
    expect(after).toContain('Setup of the model failed in its container: KeyError: no such layer')
    expect(after).toMatch(/<summary>Setup logs/)
    const made = await sandpit.run(name, { name: 'x' })
    expect(made.error).toMatch(/Setup of the model failed .*KeyError/)
  })

  it.each([
    ['UNHEALTHY', 'reports that it is unhealthy: The GPU is gone'],
    ['DEFUNCT', 'must be restarted'],
  ] as const)('says that a container is %s', async (state, sentence) => {
    const server = await cogServer({ model: hello })
    server.become(state)
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    await sandpit.model(name)
    const page = await sandpit.page('/team/model')
    expect(page).toContain('data-status="failed"')
    expect(page).toContain(sentence)
    expect((await sandpit.run(name, { name: 'x' })).error).toContain(sentence)
  })

  it('says of each of its containers how it is, and counts on none that takes something else', async () => {
    const [one, two] = [
      await cogServer({ model: hello }),
      await cogServer({ model: { ...hello, input: asking({ title: { type: 'string' } }) } }),
    ]
    const sandpit = await cogSandpit({ models: { [name]: [one, two] } })
    const { version } = await sandpit.model(name)
    await eventually(async () =>
      (await sandpit.page('/team/model')).includes('it gets no predictions'),
    )
    expect((await sandpit.model(name)).version.id).toBe(version.id)
    await one.kill()
    await eventually(async () => (await sandpit.page('/team/model')).includes('cannot be reached'))
    const page = await sandpit.page('/team/model')
    expect(page).toMatch(/<div class="facts">\s*<span class="warmth" data-state="cold">/)
    expect(page).toMatch(new RegExp(`Cold\\s*</span>\\s*<span class="mono">${one.origin}`))
    expect(page).toMatch(new RegExp(`Warm\\s*</span>\\s*<span class="mono">${two.origin}`))
    const state = await sandpit.providers[0]?.state()
    expect(state?.sentence).toMatch(/^0 of 2 .*cannot be reached.*gets no predictions/)
  })

  it('says that it is busy', async () => {
    const { model, finish } = worker()
    const server = await cogServer({ model })
    const sandpit = await cogSandpit({ models: { [name]: [server] } })
    const id = await sandpit.press(name)
    await eventually(async () => (await sandpit.page('/team/model')).includes('data-state="busy"'))
    finish()
    await sandpit.settled(id)
  })
})

describe('a container that an operator adds', () => {
  const add = (where: string, more = {}) => ({ where, name: '', version: '', ...more })

  it('is looked at, kept under a name, and run', async () => {
    const server = await cogServer({ model: hello })
    const sandpit = await cogSandpit({ models: {} })
    const found = await (await sandpit.operate('/models/new', add(`${server.origin}/docs`))).text()
    expect(found).toContain('>name<')
    expect(found).toMatch(/data-state="warm">\s*Warm/)
    expect(server.asked.sort()).toEqual(['GET /health-check', 'GET /openapi.json'])
    const saved = await sandpit.operate('/models', add(server.origin, { name: 'team/added' }))
    expect(saved.headers.get('Location')).toBe('/team/added')
    expect((await sandpit.run('team/added', { name: 'x' })).output).toBe('hello x')
  })

  it('takes more runs at once when the operator says so', async () => {
    const { model, finish } = worker()
    const server = await cogServer({ model, concurrency: 2 })
    const sandpit = await cogSandpit({ models: {} })
    const saved = await sandpit.operate('/models', add(server.origin, { name: 'team/added' }))
    expect(saved.status).toBe(303)
    const record = sandpit.records.of({ owner: 'team', name: 'added' })
    await sandpit.records.save({ ...record, settings: { ...record.settings, copies: 2 } })
    const ids = [await sandpit.press('team/added'), await sandpit.press('team/added')]
    await eventually(() => server.working() === 2)
    finish()
    for (const id of ids) expect((await sandpit.settled(id)).status).toBe('succeeded')
  })

  it.each([
    ['nothing', async () => 'http://127.0.0.1:1', 'cannot be reached: the connection was refused'],
    [
      'something else',
      async () => (await answering('<h1>secret</h1>')).origin,
      'is not a Cog container',
    ],
    ['a redirect', async () => (await answering('secret', 302)).origin, 'returned 302'],
    [
      'far too much',
      async () => (await answering('secret'.repeat(2e6))).origin,
      'cannot be reached: its response is larger than 10 MB',
    ],
    [
      'one that still starts',
      async () => (await cogServer({ model: hello, generation: 'coglet', booting: true })).origin,
      'has not sent its schema yet',
    ],
  ])('is not kept when there is %s', async (_, where, sentence) => {
    const sandpit = await cogSandpit({ models: {} })
    const response = await sandpit.operate('/models/new', add(await where()))
    expect(response.status).toBe(422)
    const page = await response.text()
    expect(page).toContain(sentence)
    expect(page).not.toContain('secret')
  })

  async function answering(body: string, status = 200) {
    const server = await cogServer({ model: { ...hello, output: textOutput } })
    server.intercept((_request, response) => {
      response.writeHead(status, { Location: 'http://127.0.0.1:1/' }).end(body)
      return true
    })
    return server
  }
})

it('says how its containers are', async () => {
  const [up, down] = [await cogServer({ model: hello }), await cogServer({ model: hello })]
  await down.kill()
  const none = await cogSandpit({ models: {} })
  expect(await none.providers[0]?.state()).toMatchObject({ kind: 'off' })
  const one = await cogSandpit({ models: { [name]: [up] } })
  expect(await one.providers[0]?.state()).toEqual({
    kind: 'works',
    sentence: '1 of 1 container ready.',
  })
  const two = await cogSandpit({ models: { [name]: [up, down] } })
  await eventually(async () => (await two.providers[0]?.state())?.kind === 'trouble')
  expect((await two.providers[0]?.state())?.sentence).toMatch(
    /^1 of 2 containers ready\. The container at/,
  )
})
