import { describe, expect, it, onTestFinished } from 'vitest'
import type { PullState } from '../../src/domain/instance/state.ts'
import { createEngine } from '../../src/engine/client.ts'
import { EngineError } from '../../src/engine/engine-error.ts'
import { createImages } from '../../src/engine/instances/images.ts'
import { hello } from '../providers/support/cog-models.ts'
import {
  type ScriptedEngineOptions,
  startScriptedEngine,
} from '../support/containers/scripted-engine.ts'
import { eventually } from '../support/eventually.ts'
import { hasty } from './instances/machine.ts'
import { imageId, readJson } from './support.ts'

const image = { name: 'models/hello:1', id: imageId('a'), model: hello, labels: { a: 'b' } }

async function start(options: ScriptedEngineOptions = { images: [image] }) {
  const scripted = await startScriptedEngine(options)
  const engine = createEngine(scripted.address, readJson)
  onTestFinished(async () => {
    await engine.close()
    await scripted.close()
  })
  return { scripted, engine }
}

const never = () => new AbortController().signal

async function read<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe.each(['docker', 'podman'] as const)('the client of %s', (product) => {
  it('says which engine it is', async () => {
    const { engine } = await start({ product })
    const version = product === 'docker' ? '24.0.7' : '4.3.1'
    expect(await engine.facts()).toEqual({ product, version })
  })

  it('finds an image by its name and its id, which always says how it was hashed', async () => {
    const { engine } = await start({ product, images: [image] })
    const found = { id: image.id, labels: { a: 'b' }, digests: [], size: 132_000_000 }
    expect(await engine.image(image.name)).toEqual(found)
    expect(await engine.image(image.id)).toEqual(found)
    expect(await engine.image('models/none:1')).toBeNull()
  })

  it('creates, starts, follows, stops and removes a container', async () => {
    const { scripted, engine } = await start({ product, images: [image] })
    const id = await engine.create('one', { Image: image.id, Labels: { mine: 'yes' } })
    expect(await engine.inspect(id)).toMatchObject({ status: 'created', startedAt: null })
    await engine.start(id)
    await engine.start(id)
    const [container] = scripted.containers()
    const port = `127.0.0.1:${container?.server().port}`
    expect(await engine.inspect(id)).toMatchObject({
      name: 'one',
      image: image.id,
      status: 'running',
      exitCode: null,
      ports: { '5000/tcp': port },
      hasDevices: false,
    })
    expect(await engine.list('mine=yes')).toEqual([
      { id, status: 'running', labels: { mine: 'yes' } },
    ])
    expect(await engine.list('mine=no')).toEqual([])
    const [ended, lines] = [engine.ended(id, never()), read(engine.logs(id, never()))]
    container?.write('hello')
    await engine.stop(id)
    await engine.stop(id)
    expect(await ended).toBe(0)
    expect(await lines).toEqual([{ at: Date.UTC(2026, 2, 1, 10, 0, 0, 123), text: 'hello' }])
    expect(await engine.inspect(id)).toMatchObject({ status: 'exited', exitCode: 0, ports: {} })
    await engine.remove(id)
    await engine.remove(id)
    expect(await engine.inspect(id)).toBeNull()
    expect(await engine.ended(id, never())).toBeNull()
  })
})

describe('a pull', () => {
  it('fails though it answered 200', async () => {
    const { scripted, engine } = await start({ registry: [image] })
    scripted.faults.pull = 'toomanyrequests: slow down'
    const pulling = read(engine.pull(image.name, null, never()))
    await expect(pulling).rejects.toThrow('toomanyrequests: slow down')
  })

  it('sends who asks, and yields how far it is', async () => {
    const { scripted, engine } = await start({ registry: [image] })
    const lines = await read(engine.pull(image.name, 'eyJ9==', never()))
    expect(lines).toContainEqual({ layer: 'aaaa', status: 'Downloading', done: 500, total: 1_000 })
    expect(scripted.pulls).toEqual([{ name: image.name, auth: 'eyJ9==' }])
  })

  it('is one for all who wait, and ends when nobody does; the next begins anew', async () => {
    const { scripted, engine } = await start({ registry: [image] })
    const images = createImages({ engine, authFor: () => null, limits: hasty })
    const wanted = { id: image.id, name: image.name }
    const [a, b] = [new AbortController(), new AbortController()]
    const told: PullState[] = []
    scripted.faults.pullHangs = true
    const waiting = [a, b].map(({ signal }) => images.ensure(wanted, signal, (s) => told.push(s)))
    const ends = Promise.allSettled(waiting)
    await eventually(() => expect(told.at(-1)).toMatchObject({ done: 500, total: 1_000 }))
    expect(scripted.pulls).toHaveLength(1)
    a.abort()
    b.abort()
    scripted.faults.pullHangs = false
    expect(await images.ensure(wanted, never(), () => {})).toBe(image.id)
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(scripted.pulls).toHaveLength(2)
  })

  it('is not begun for somebody who left while the image was looked for', async () => {
    const { scripted, engine } = await start({ registry: [image] })
    const images = createImages({ engine, authFor: () => null, limits: hasty })
    const leaving = new AbortController()
    const wanted = { id: image.id, name: image.name }
    const ensured = images.ensure(wanted, leaving.signal, () => {})
    leaving.abort()
    await expect(ensured).rejects.toThrow('no longer needed')
    expect(scripted.pulls).toEqual([])
  })
})

describe('an engine that goes wrong', () => {
  it('is away, and says why', async () => {
    const { scripted, engine } = await start()
    await scripted.goAway()
    const failure = await engine.list('mine').catch((error) => error)
    expect(failure).toBeInstanceOf(EngineError)
    expect(failure).toMatchObject({ isAway: true, message: 'there is no socket at this path' })
    await scripted.comeBack()
    expect(await engine.list('mine')).toEqual([])
  })

  it('is quoted', async () => {
    const { scripted, engine } = await start()
    scripted.faults.create = 'the container name "/one" is already in use'
    const failure = await engine.create('one', { Image: image.id }).catch((error) => error)
    expect(failure).toMatchObject({ status: 500, isAway: false, message: scripted.faults.create })
  })

  it('knows no container that is being removed, though Podman answers 500', async () => {
    const { scripted, engine } = await start({ product: 'podman', images: [image] })
    const id = await engine.create('one', { Image: image.id })
    scripted.faults.removing = true
    expect(await engine.inspect(id)).toBeNull()
    expect(await engine.ended(id, never())).toBeNull()
    await engine.stop(id)
    await engine.remove(id)
    scripted.faults.removing = false
    scripted.faults.remove = 'device or resource busy'
    await expect(engine.remove(id)).rejects.toThrow('device or resource busy')
  })

  it.each([
    ['no JSON', 'not json'],
    ['other JSON', '{"Id":1}'],
  ])('is not believed when it answers with %s', async (_, body) => {
    const { scripted, engine } = await start()
    scripted.intercept((_request, response) => Boolean(response.end(body)))
    await expect(engine.inspect('one')).rejects.toThrow('unknown form')
  })

  it('is not read without end', async () => {
    const { scripted, engine } = await start()
    scripted.intercept((_request, response) =>
      Boolean(response.end(Buffer.alloc(64 * 2 ** 20, ' '))),
    )
    await expect(engine.list('mine')).rejects.toThrow('larger than 32 MB')
  })

  it('is cut off in the middle', async () => {
    const { scripted, engine } = await start()
    scripted.intercept((_request, response) => {
      response.write('[')
      setImmediate(() => response.destroy())
      return true
    })
    await expect(engine.list('mine')).rejects.toMatchObject({ isAway: true })
  })
})
