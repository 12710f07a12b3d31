import { describe, expect, it } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { imageId } from '../support.ts'
import { hasty, image, startMachine, workload } from './machine.ts'

const one = workload()
const booting = { ...image, booting: true, writes: ['Loading weights', 'Killed'] }

describe('a container that fails', () => {
  it('shows the log of a set-up that failed', async () => {
    const { engine, serve } = await startMachine({ images: [booting] })
    const server = serve([one])
    const { waits } = server.ask(one)
    await eventually(() =>
      expect(server.of('test/hello')).toMatchObject([
        { phase: 'booting', logs: 'Loading weights\nKilled' },
      ]),
    )
    const said = 'Loading weights\nTraceback\nValueError: no weights\n'
    engine.containers()[0]?.server().become('SETUP_FAILED', said)
    await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(1))
    const [failure] = server.failuresOf(one.key)
    expect(failure?.sentence).toBe(
      'Setup of the model failed. It last wrote: ValueError: no weights',
    )
    // The server says again what its container has written.
    expect(failure?.logs.trim()).toBe('Loading weights\nKilled\nTraceback\nValueError: no weights')
    await eventually(() =>
      expect(waits.at(-1)).toMatchObject({ kind: 'held up', logs: failure?.logs }),
    )
    await eventually(() => expect(engine.containers()).toEqual([]))
  })

  it.each([
    ['boots', 'booting', booting],
    ['is ready', 'ready', { ...image, writes: ['Killed'] }],
  ])('says so when it is killed while it %s', async (_, phase, killed) => {
    const { engine, serve } = await startMachine({ images: [killed] })
    const server = serve([workload({ min: 1 })])
    await eventually(() => expect(server.of('test/hello')).toMatchObject([{ phase }]))
    await engine.containers()[0]?.end(137)
    await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(1))
    expect(server.failuresOf(one.key)[0]?.sentence).toBe(
      'Its container was killed, probably because it was out of memory. It last wrote: Killed',
    )
    await eventually(() => expect(engine.containers()).toEqual([]))
  })

  it('ends a crash loop with its last line, and starts again when it is told to', async () => {
    const { engine, pass, serve } = await startMachine()
    engine.faults.start = 'exec: "python": executable file not found in $PATH'
    const server = serve([one])
    const { waits, taken } = server.ask(one)
    for (const times of [1, 2, 3]) {
      await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(times))
      pass(31_000)
    }
    expect(await taken).toEqual({
      kind: 'broken',
      sentence:
        'The container could not be started: exec: "python": executable file not found in $PATH.',
    })
    expect(waits).toContainEqual(
      expect.objectContaining({
        holdUp: { kind: 'backing off', until: expect.any(Number) },
      }),
    )
    await eventually(() => expect(engine.containers()).toEqual([]))
    expect(await server.ask(one).taken).toMatchObject({ kind: 'broken' })
    delete engine.faults.start
    server.tryAgain('test/hello')
    await server.slot(one)
  })

  it.each([
    ['create', 'name is in use'],
    ['pull', 'unauthorized'],
  ] as const)('says what the engine said when it fails to %s', async (fault, message) => {
    const { engine, serve } = await startMachine({ images: fault === 'pull' ? [] : [image] })
    engine.faults[fault] = message
    const server = serve([one])
    server.ask(one)
    await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(1))
    expect(server.failuresOf(one.key)[0]?.sentence).toContain(message)
  })

  it('fails when it is not ready within its limit', async () => {
    const { engine, pass, serve } = await startMachine({ images: [booting] })
    const server = serve([one])
    server.ask(one)
    await eventually(() => expect(server.of('test/hello')).toMatchObject([{ phase: 'booting' }]))
    pass(61_000)
    await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(1))
    expect(server.failuresOf(one.key)[0]?.sentence).toContain('was not ready after 60 s')
    await eventually(() => expect(engine.containers()).toEqual([]))
  })

  it('is replaced when its server does not answer any more', async () => {
    const { engine, serve } = await startMachine()
    const server = serve([one], { limits: { ...hasty, lookAgainMs: 20 } })
    ;(await server.slot(one)).release()
    await engine.containers()[0]?.hang()
    await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(1))
    expect(server.failuresOf(one.key)[0]?.sentence).toContain('does not answer any more')
    await eventually(() => expect(engine.containers()).toEqual([]))
  })

  it.each(['doubled', 'lost'] as const)(
    'is noticed though events are %s and nobody answers who waits for its end',
    async (events) => {
      const { engine, serve } = await startMachine()
      Object.assign(engine.faults, { events, waitHangs: true })
      const server = serve([one])
      ;(await server.slot(one)).release()
      await engine.containers()[0]?.end(3)
      await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(1))
      expect(server.failuresOf(one.key)[0]?.sentence).toBe('Its container ended with exit code 3.')
    },
  )
})

describe('a pull', () => {
  it('is shown while it goes on, and is one for all who wait', async () => {
    const { engine, serve } = await startMachine({ registry: [image] })
    engine.faults.pullHangs = true
    const other = workload({ key: 'test/other@1', model: 'test/other' })
    const server = serve([one, other])
    const asked = [server.ask(one), server.ask(other)]
    for (const { waits } of asked)
      await eventually(() =>
        expect(waits.at(-1)).toMatchObject({
          state: { phase: 'pulling', pull: { layers: 1, layersDone: 0, done: 500, total: 1_000 } },
        }),
      )
    expect(engine.pulls).toHaveLength(1)
    await server.close()
    for (const { taken } of asked) expect(await taken).toEqual({ kind: 'stopped' })
  })

  it('is given up when nothing is heard of it, and begun again', async () => {
    const { engine, pass, serve } = await startMachine({ registry: [image] })
    engine.faults.pullHangs = true
    const server = serve([one], { limits: { ...hasty, pullSilentMs: 200 } })
    const { taken } = server.ask(one)
    await eventually(() => expect(server.failuresOf(one.key)).toHaveLength(1))
    expect(server.failuresOf(one.key)[0]?.sentence).toContain('nothing was heard of the pull')
    delete engine.faults.pullHangs
    pass(1_000)
    expect(await taken).toMatchObject({ kind: 'slot' })
  })

  it('is of an image that is not there yet', async () => {
    const { engine, serve } = await startMachine({ registry: [image] })
    const server = serve([one])
    await server.slot(one)
    expect(engine.pulls).toEqual([{ name: image.name, auth: null }])
  })
})

describe('an engine that is away', () => {
  it('is waited for, and no failure of the model', async () => {
    const { engine, serve } = await startMachine()
    const server = serve([one])
    ;(await server.slot(one)).release()
    await engine.goAway()
    const wider = workload({ key: 'test/hello@2' })
    const { waits, taken } = server.ask(wider)
    await eventually(() => expect(waits.at(-1)).toMatchObject({ kind: 'engine away' }))
    // What runs is used meanwhile.
    const slot = await server.slot(one)
    expect((await fetch(`${slot.origin}/health-check`)).status).toBe(200)
    await engine.comeBack()
    expect(await taken).toMatchObject({ kind: 'slot' })
    expect(server.failuresOf(wider.key)).toEqual([])
    expect(engine.containers()).toHaveLength(2)
  })

  it('is waited for when the server starts', async () => {
    const { engine, serve } = await startMachine()
    await engine.goAway()
    const server = serve([one])
    const { waits, taken } = server.ask(one)
    await eventually(() => expect(waits.at(-1)).toMatchObject({ kind: 'engine away' }))
    await engine.comeBack()
    expect(await taken).toMatchObject({ kind: 'slot' })
  })
})

describe('a server that starts again', () => {
  it('goes on with the containers of the one before', async () => {
    const { engine, serve } = await startMachine()
    const before = serve([one], { keep: true })
    const { origin } = await before.slot(one)
    await before.close()
    const [kept] = engine.containers()
    const after = serve([one])
    const slot = await after.takeAt(origin, new AbortController().signal)
    expect(slot?.origin).toBe(origin)
    expect(engine.containers()).toEqual([kept])
    await eventually(() => expect(after.of('test/hello')).toMatchObject([{ phase: 'ready' }]))
    await after.close()
    expect(engine.containers()).toEqual([])
  })

  it('removes a container of its own that runs for nobody, and none of others', async () => {
    const { engine, serve } = await startMachine()
    const other = await engine.run('other', {
      Image: image.id,
      Labels: { 'sandpit.server': 'somebody else' },
    })
    const before = serve([one], { keep: true })
    const { origin } = await before.slot(one)
    await before.close()
    const after = serve([])
    expect(await after.takeAt(origin, new AbortController().signal)).toBeNull()
    await eventually(() => expect(engine.containers()).toEqual([other]))
  })

  it('removes what appears under its label meanwhile', async () => {
    const { engine, serve } = await startMachine()
    const server = serve([one])
    await server.slot(one)
    await engine.run('unknown', { Image: image.id, Labels: { 'sandpit.server': 'me' } })
    await eventually(() => expect(engine.containers()).toHaveLength(1))
    expect(server.of('test/hello')).toMatchObject([{ phase: 'ready' }])
  })

  it('goes on though one of its containers cannot be removed', async () => {
    const { engine, serve } = await startMachine({
      images: [image, { ...image, name: 'models/old:1', id: imageId('b') }],
    })
    await engine.run('old', { Image: imageId('b'), Labels: { 'sandpit.server': 'me' } })
    engine.faults.remove = 'removal is already in progress'
    const server = serve([one])
    await server.slot(one)
    delete engine.faults.remove
    await eventually(() => expect(engine.containers()).toHaveLength(1))
  })
})
