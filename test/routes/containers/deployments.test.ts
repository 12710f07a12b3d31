import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  greetingImage,
  type ImageApp,
  openImageApp,
  startImageApp,
} from '../../support/containers/image-app.ts'
import { startScriptedEngine } from '../../support/containers/scripted-engine.ts'
import { eventually } from '../../support/eventually.ts'

const machine = 'token-of-the-environment'
const environment = {
  SANDPIT_API_TOKENS: machine,
  SANDPIT_HARDWARE: 'small=cpus:1,memory:1GB;large=cpus:4,memory:8GB',
}
/** The runs for `held` wait until they may go on. */
let held: PromiseWithResolvers<void>

function heldImage(digit: string) {
  const image = greetingImage(digit)
  const model: typeof image.model = {
    ...image.model,
    async predict({ name }) {
      if (name === 'held') await held.promise
      return `Hello ${digit}, ${name}`
    },
  }
  return { ...image, model }
}

const images = [heldImage('1'), heldImage('2')] as const
/** Its containers stay with their set-up until a test says that it is done. */
const slow = { ...heldImage('3'), booting: true }
const ref = { owner: 'team', name: 'greets' }

type App = Pick<ImageApp, 'app' | 'runner' | 'engine' | 'add'>
let sandpit: ImageApp
/** The ids of the versions, as they were added: the last one runs by default. */
let ids: string[]
beforeEach(async () => {
  held = Promise.withResolvers()
  sandpit = await startImageApp({ images: [...images, slow] }, environment)
  ids = []
  for (const image of images) {
    await sandpit.add(image)
    ids.push((await sandpit.runner.findModel(ref))?.version.id ?? '')
  }
})
afterEach(() => sandpit.close())

async function api(method: string, path: string, body?: object, { app }: App = sandpit) {
  const headers = {
    Host: 'localhost',
    Authorization: `Bearer ${machine}`,
    'Content-Type': 'application/json',
  }
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) }
  const answer = await app.request(`/v1${path}`, init)
  const text = await answer.text()
  return { status: answer.status, text, json: text === '' ? null : JSON.parse(text) }
}

let owner: string
async function deploy(name: string, more: object = {}, app: App = sandpit): Promise<string> {
  const usual = { model: 'team/greets', version: ids[1], hardware: 'small' }
  const limits = { min_instances: 0, max_instances: 1 }
  const answer = await api('POST', '/deployments', { name, ...usual, ...limits, ...more }, app)
  expect(answer.status, answer.text).toBe(200)
  owner = answer.json.owner
  return `/deployments/${owner}/${name}`
}

async function send(path: string, name: string, app: App = sandpit): Promise<string> {
  const answer = await api('POST', `${path}/predictions`, { input: { name } }, app)
  expect(answer.status, answer.text).toBe(201)
  return answer.json.id
}

async function outputOf(id: string, { runner }: App = sandpit): Promise<unknown> {
  const settled = await runner.settledWithin(id, 60_000)
  return settled?.status === 'succeeded' ? settled.output : settled?.error
}

const runs = (id: string) =>
  eventually(async () =>
    expect((await api('GET', `/predictions/${id}`)).json.status).toBe('processing'),
  )

/** The containers of a deployment, in the order in which they were created. */
const containersOf = (path: string) =>
  sandpit.engine
    .containers()
    .filter(({ labels }) => labels['sandpit.workload']?.endsWith(` for ${path.slice(13)}`))

const readyOf = (path: string, digit: string) =>
  eventually(() => {
    const own = containersOf(path).filter(({ image }) => image.id.endsWith(digit))
    expect(own.map((one) => one.state().status)).toEqual(['running'])
  })

describe('the deployments of a model from images', () => {
  it('run beside each other and beside it, in containers of their own', async () => {
    const paths = [await deploy('a'), await deploy('b', { version: ids[0] }), '/models/team/greets']
    const sent = await Promise.all(paths.map((path) => send(path, 'held')))
    await Promise.all(sent.map(runs))
    expect(sandpit.engine.containers()).toHaveLength(3)
    expect(paths.map((path) => containersOf(path).length)).toEqual([1, 1, 0])
    held.resolve()
    expect(await Promise.all(sent.map((id) => outputOf(id)))).toEqual([
      'Hello 2, held',
      'Hello 1, held',
      'Hello 2, held',
    ])
  })

  it('take no more runs at once than they have containers for', async () => {
    const path = await deploy('a')
    const [first, second] = [await send(path, 'held'), await send(path, 'ada')]
    await runs(first)
    expect((await api('GET', `/predictions/${second}`)).json.status).toBe('starting')
    expect(containersOf(path)).toHaveLength(1)
    held.resolve()
    expect(await outputOf(second)).toBe('Hello 2, ada')
  })

  it('keep as many containers ready as they say', async () => {
    const path = await deploy('a', { min_instances: 2, max_instances: 2 })
    await eventually(() => expect(containersOf(path)).toHaveLength(2))
    sandpit.pass(3_600_000)
    expect(await outputOf(await send(path, 'ada'))).toBe('Hello 2, ada')
    expect(containersOf(path)).toHaveLength(2)
    await api('PATCH', path, { min_instances: 0 })
    await eventually(() => {
      sandpit.pass(600_000)
      expect(containersOf(path)).toEqual([])
    })
  })

  it('have their containers stopped when they are idle for as long as they say', async () => {
    const typed = { model: 'team/greets', version: '', hardware: 'small', min: '0', max: '1' }
    await sandpit.olga.post('/deployments', { ...typed, name: 'team/long', idle: '3600' })
    await sandpit.olga.post('/deployments', { ...typed, name: 'team/usual', idle: '' })
    const paths = ['/deployments/team/long', '/deployments/team/usual']
    for (const path of paths) expect(await outputOf(await send(path, 'ada'))).toBe('Hello 2, ada')
    sandpit.pass(600_000)
    await eventually(() => expect(paths.map((path) => containersOf(path).length)).toEqual([1, 0]))
    sandpit.pass(3_600_000)
    await eventually(() => expect(sandpit.engine.containers()).toEqual([]))
  })

  it('run nothing with 0 containers, until they may have some', async () => {
    const path = await deploy('a', { min_instances: 1, max_instances: 0 })
    const waits = await send(path, 'ada')
    expect(await outputOf(await send('/models/team/greets', 'ada'))).toBe('Hello 2, ada')
    expect((await api('GET', `/predictions/${waits}`)).json.status).toBe('starting')
    expect(containersOf(path)).toEqual([])
    await api('PATCH', path, { max_instances: 1 })
    expect(await outputOf(waits)).toBe('Hello 2, ada')
  })

  it('change their version while they run: the one before serves until the next is ready', async () => {
    const path = await deploy('a', { version: ids[0], min_instances: 1, max_instances: 2 })
    const before = [await send(path, 'held'), await send(path, 'held'), await send(path, 'ada')]
    await runs(before[0] ?? '')
    await sandpit.add(slow)
    const version = (await sandpit.runner.findModel(ref))?.version.id
    expect((await api('PATCH', path, { version })).status).toBe(200)
    await readyOf(path, '3')
    const meanwhile = await send(path, 'ada')
    containersOf(path)
      .find(({ image }) => image === slow)
      ?.server()
      .become('READY')
    let after = ''
    await eventually(async () => {
      const { json } = await api('POST', `${path}/predictions`, { input: { name: 'ada' } })
      expect(json.version).toBe(version)
      after = json.id
    })
    held.resolve()
    expect(await Promise.all([...before, meanwhile, after].map((id) => outputOf(id)))).toEqual([
      'Hello 1, held',
      'Hello 1, held',
      'Hello 1, ada',
      'Hello 1, ada',
      'Hello 3, ada',
    ])
    sandpit.pass(20_000)
    await eventually(() => expect(containersOf(path).map(({ image }) => image)).toEqual([slow]))
  })

  it('serve on in the version before while the next one does not start, and say why', async () => {
    const path = await deploy('a', { version: ids[0], min_instances: 1 })
    expect(await outputOf(await send(path, 'ada'))).toBe('Hello 1, ada')
    sandpit.engine.faults.start = 'no such device'
    await api('PATCH', path, { version: ids[1] })
    await eventually(async () => {
      expect((await sandpit.olga.get('/deployments')).text).toContain('which does not start')
    })
    expect((await sandpit.olga.get(path)).text).toContain('no such device')
    expect(await outputOf(await send(path, 'ada'))).toBe('Hello 1, ada')
    delete sandpit.engine.faults.start
  })

  it('change their hardware while they run, in another container that is ready first', async () => {
    const path = await deploy('a', { min_instances: 1 })
    const memory = () => containersOf(path).map(({ body }) => Object(body.HostConfig).Memory)
    const first = await send(path, 'held')
    await runs(first)
    expect(memory()).toEqual([2 ** 30])
    const changed = await api('PATCH', path, { hardware: 'large' })
    expect(changed.json.current_release.configuration.hardware).toBe('large')
    await eventually(() => expect(memory()).toEqual([2 ** 30, 8 * 2 ** 30]))
    const second = await send(path, 'ada')
    held.resolve()
    expect([await outputOf(first), await outputOf(second)]).toEqual([
      'Hello 2, held',
      'Hello 2, ada',
    ])
    await eventually(() => expect(memory()).toEqual([8 * 2 ** 30]))
  })

  it('let what runs end when they are deleted, and run what waits as the model does', async () => {
    const path = await deploy('a', { min_instances: 1 })
    const [under, waits] = [await send(path, 'held'), await send(path, 'ada')]
    await runs(under)
    expect((await api('DELETE', path)).status).toBe(204)
    expect((await api('POST', `${path}/predictions`, { input: { name: 'x' } })).status).toBe(404)
    held.resolve()
    expect([await outputOf(under), await outputOf(waits)]).toEqual([
      'Hello 2, held',
      'Hello 2, ada',
    ])
    await eventually(() => expect(containersOf(path)).toEqual([]))
  })
})

it('go on with their containers after a restart', async () => {
  const engine = await startScriptedEngine({ images })
  const data = mkdtempSync(join(tmpdir(), 'sandpit-deployed-'))
  onTestFinished(async () => {
    await engine.close()
    rmSync(data, { recursive: true, force: true })
  })
  const first = await openImageApp(engine, environment, data)
  for (const image of images) await first.add(image)
  const path = await deploy('a', { min_instances: 1 }, first)
  expect(await outputOf(await send(path, 'ada', first), first)).toBe('Hello 2, ada')
  const before = engine.containers().map(({ id }) => id)
  await first.close()
  const second = await openImageApp(engine, environment, data)
  onTestFinished(() => second.close())
  expect(await outputOf(await send(path, 'eve', second), second)).toBe('Hello 2, eve')
  expect(engine.containers().map(({ id }) => id)).toEqual(before)
  expect(engine.asked.filter((one) => one === 'POST /containers/create')).toHaveLength(1)
})

describe('hardware', () => {
  const release = { model: 'team/greets', min_instances: 0, max_instances: 1 }

  it('is listed as operators name it', async () => {
    expect((await api('GET', '/hardware')).json).toEqual([
      { sku: 'small', name: '1 CPU, 1 GB' },
      { sku: 'large', name: '4 CPUs, 8 GB' },
    ])
  })

  it('is refused by another name, with those that there are', async () => {
    const path = await deploy('a')
    const wrong = { ...release, name: 'b', version: ids[1], hardware: 'huge' }
    const model = { owner: 'ann', name: 'x', visibility: 'public', hardware: 'huge' }
    for (const [method, address, body] of [
      ['POST', '/deployments', wrong],
      ['PATCH', path, { hardware: 'huge' }],
      ['POST', '/models', model],
    ] as const)
      expect(await api(method, address, body)).toMatchObject({
        status: 422,
        text: expect.stringContaining('There is no hardware huge. Choose one of small, large.'),
      })
    expect((await api('PATCH', path, { hardware: 'small', max_instances: 2 })).status).toBe(200)
    expect((await api('POST', '/models', { ...model, hardware: 'large' })).status).toBe(201)
  })
})

describe('the page of deployments', () => {
  const page = async () => (await sandpit.olga.get('/deployments')).text
  const says = (...texts: readonly string[]) =>
    eventually(async () => {
      const text = await page()
      for (const one of texts) expect(text).toContain(one)
    })

  it('says what their containers do', async () => {
    const path = await deploy('a', { version: ids[0], max_instances: 2 })
    await says('not the newest', '1 CPU, 1 GB', 'None up', 'starts with the next run')
    const sent = [await send(path, 'held'), await send(path, 'held'), await send(path, 'held')]
    await runs(sent[0] ?? '')
    await says('2 up', '2 running, 1 waiting')
    await api('PATCH', path, { version: ids[1], min_instances: 1 })
    await says('Rolling over', '1 of 3 on the new version')
    held.resolve()
    for (const id of sent) await outputOf(id)
    await api('PATCH', path, { max_instances: 0 })
    await says('Off', 'runs nothing')
  })

  it('says how far a change is, before which nothing goes', async () => {
    const path = await deploy('a', { min_instances: 2, max_instances: 2 })
    await says('2 up')
    await sandpit.add(slow)
    const version = (await sandpit.runner.findModel(ref))?.version.id
    await api('PATCH', path, { version })
    await says('0 of 4 on the new version')
    sandpit.pass(600_000)
    const slowOnes = () => containersOf(path).filter(({ image }) => image === slow)
    await eventually(() => expect(slowOnes()).toHaveLength(2))
    slowOnes()[0]?.server().become('READY')
    await says('1 of 4 on the new version')
    slowOnes()[1]?.server().become('READY')
    await says('2 up')
    await eventually(() => expect(containersOf(path)).toEqual(slowOnes()))
  })

  it('says why none is up', async () => {
    await deploy('a')
    sandpit.engine.faults.start = 'no such device'
    const id = await send(`/deployments/${owner}/a`, 'ada')
    await says('Does not start')
    const change = await sandpit.olga.get(`/deployments/${owner}/a`)
    expect(change.text).toContain('no such device')
    await api('POST', `/predictions/${id}/cancel`)
  })

  it('saves the hardware that operators choose, of any version that is kept', async () => {
    const typed = { name: 'team/shop', model: 'team/greets', version: '', min: '0', max: '1' }
    const shop = { owner: 'team', name: 'shop' }
    const form = await page()
    expect(form).toContain('<option value="small">small: 1 CPU, 1 GB</option>')
    for (const hardware of ['', 'huge'])
      expect((await sandpit.olga.post('/deployments', { ...typed, hardware })).status).toBe(422)
    await sandpit.olga.post('/deployments', { ...typed, hardware: 'small' })
    const { text } = await sandpit.olga.get('/deployments/team/shop')
    expect(text).toContain('<option value="small" selected="">')
    const options = [...text.matchAll(/<option value="(\w{64})"[^>]*>([^<]*)</g)]
    expect(options.map(([, id]) => id)).toEqual(ids.toReversed())
    expect(options.map(([, , words]) => /, default/.test(words ?? ''))).toEqual([true, false])
    for (const [at, [, , words]] of options.entries()) expect(words).toContain(images[1 - at]?.name)
    const changed = { version: ids[0] ?? '', hardware: 'large', min: '0', max: '1', release: '1' }
    expect((await sandpit.olga.post('/deployments/team/shop', changed)).status).toBe(303)
    expect(sandpit.deployments.find(shop)?.current).toMatchObject({
      number: 2,
      version: ids[0],
      hardware: 'large',
    })
  })
})
