import { describe, expect, it } from 'vitest'
import type { InstanceState } from '../../../src/domain/instance/state.ts'
import { eventually } from '../../support/eventually.ts'
import { image, startMachine, workload } from './machine.ts'

const one = workload()

describe.each(['docker', 'podman'] as const)('a container at %s', (product) => {
  it('starts for the first who needs it, and answers', async () => {
    const { engine, serve } = await startMachine({ product, images: [image] })
    const server = serve([one])
    expect(engine.containers()).toEqual([])
    const { waits, taken } = server.ask(one)
    const got = await taken
    if (got.kind !== 'slot') throw new Error('no slot')
    const answer = await fetch(`${got.slot.origin}/health-check`)
    expect(await answer.json()).toMatchObject({ status: 'READY' })
    expect(waits).toContainEqual(expect.objectContaining({ kind: 'instance' }))
    expect(server.of('test/hello')).toMatchObject([{ phase: 'ready', runs: 1 }])
  })

  it('has a network without a way out to itself, which goes with it', async () => {
    const { engine, serve } = await startMachine({ product, images: [image] })
    const closed = workload({ container: { ...one.container, isOpen: false } })
    const server = serve([closed])
    const slot = await server.slot(closed)
    expect((await fetch(`${slot.origin}/health-check`)).status).toBe(200)
    expect([...engine.networks.values()]).toEqual([{ 'sandpit.server': 'me' }])
    slot.release()
    await server.close()
    expect([...engine.networks]).toEqual([])
  })

  it('leaves nothing with its label', async () => {
    const { engine, serve } = await startMachine({ product, images: [image] })
    const server = serve([workload({ min: 2, max: 2 })])
    await eventually(() => expect(server.of('test/hello').length).toBe(2))
    await server.close()
    expect(engine.containers()).toEqual([])
  })
})

describe('a slot', () => {
  it('is waited for while the only container is busy', async () => {
    const { serve } = await startMachine()
    const server = serve([one])
    const first = await server.slot(one)
    const { waits, taken } = server.ask(one)
    await eventually(() => expect(waits).toContainEqual({ kind: 'busy' }))
    first.release()
    expect(await taken).toMatchObject({ kind: 'slot', slot: { origin: first.origin } })
  })

  it('is in another container when the line is worth its boot', async () => {
    const { serve } = await startMachine()
    const two = workload({ max: 2, usualRun: () => 600_000 })
    const server = serve([two])
    const [first, second] = [await server.slot(two), await server.slot(two)]
    expect(first.origin).not.toBe(second.origin)
  })

  it('is one of several in a container that takes several runs', async () => {
    const { engine, serve } = await startMachine()
    const wide = workload({ slots: 3 })
    const server = serve([wide])
    const slots = await Promise.all([1, 2, 3].map(() => server.slot(wide)))
    expect(new Set(slots.map(({ origin }) => origin)).size).toBe(1)
    expect(engine.containers()).toHaveLength(1)
  })

  it('is no longer waited for by those who left', async () => {
    const { serve } = await startMachine()
    const server = serve([one])
    const first = await server.slot(one)
    const leaving = new AbortController()
    const { taken } = server.ask(one, leaving.signal)
    leaving.abort()
    expect(await taken).toEqual({ kind: 'stopped' })
    first.release()
    first.release()
    expect(server.of('test/hello')).toMatchObject([{ runs: 0 }])
  })
})

describe('a container without runs', () => {
  it('is removed after a while, and started again for the next', async () => {
    const { engine, pass, serve } = await startMachine()
    const server = serve([one])
    const slot = await server.slot(one)
    slot.release()
    pass(59_000)
    await eventually(() => expect(server.of('test/hello')).toMatchObject([{ runs: 0 }]))
    pass(2_000)
    await eventually(() => expect(engine.containers()).toEqual([]))
    const next = await server.slot(one)
    expect((await fetch(`${next.origin}/health-check`)).status).toBe(200)
  })

  it('stays when one is to be kept ready, and is replaced when it is gone', async () => {
    const { engine, pass, serve } = await startMachine()
    const server = serve([workload({ min: 1 })])
    await eventually(() => expect(server.of('test/hello')).toMatchObject([{ phase: 'ready' }]))
    pass(900_000)
    const [first] = engine.containers()
    await first?.end(1)
    await eventually(() => {
      pass(1_000)
      const all = engine.containers()
      expect(all.map(({ id }) => id)).not.toContain(first?.id)
      expect(server.of('test/hello')).toMatchObject([{ phase: 'ready' }])
    })
  })
})

describe('two models with one GPU', () => {
  const [a, b] = ['a', 'b'].map((name) =>
    workload({ key: `test/${name}@1`, model: `test/${name}`, gpus: 1 }),
  ) as [typeof one, typeof one]

  it('give it to each other, and come back', async () => {
    const { engine, pass, serve } = await startMachine()
    const server = serve([a, b], { gpus: ['GPU-0'] })
    const first = await server.slot(a)
    const { waits, taken } = server.ask(b)
    await eventually(() =>
      expect(waits).toContainEqual({
        kind: 'held up',
        holdUp: { kind: 'busy', by: [a.key] },
        logs: '',
      }),
    )
    first.release()
    pass(31_000)
    const got = await taken
    expect(got.kind).toBe('slot')
    expect(engine.containers().map(({ labels }) => labels['sandpit.workload'])).toEqual([b.key])
    if (got.kind === 'slot') got.slot.release()
    pass(31_000)
    const back = await server.slot(a)
    expect((await fetch(`${back.origin}/health-check`)).status).toBe(200)
    expect(engine.containers()).toHaveLength(1)
  })

  it('drain a container before it is stopped', async () => {
    const { engine, pass, serve } = await startMachine()
    const server = serve([a, b], { gpus: ['GPU-0'] })
    const first = await server.slot(a)
    const { taken } = server.ask(b)
    pass(120_000)
    await eventually(() => expect(server.of('test/a')).toMatchObject([{ phase: 'leaving' }]))
    expect((await fetch(`${first.origin}/health-check`)).status).toBe(200)
    expect(engine.asked.filter((one) => one.endsWith('/stop'))).toEqual([])
    first.release()
    expect((await taken).kind).toBe('slot')
    expect(engine.containers()).toHaveLength(1)
  })

  it('say that the engine takes no requests for GPUs, instead of running on the CPU', async () => {
    const { engine, pass, serve } = await startMachine()
    engine.faults.ignoresDevices = true
    const server = serve([a], { gpus: ['GPU-0'] })
    const { taken } = server.ask(a)
    for (const times of [1, 2, 3]) {
      await eventually(() => expect(server.failuresOf(a.key)).toHaveLength(times))
      pass(31_000)
    }
    const [failure] = server.failuresOf(a.key)
    expect(failure?.sentence).toContain('takes no requests for GPUs')
    const end = await taken
    expect(end).toEqual({ kind: 'broken', sentence: failure?.sentence })
    await eventually(() => expect(engine.containers()).toEqual([]))
  })
})

describe('settings that change', () => {
  const kept = workload({ min: 1 })
  const changed = workload({ min: 1, container: { ...kept.container, cpus: 2 } })

  it('start another container, and use the first until it is ready', async () => {
    const { engine, serve } = await startMachine()
    const server = serve([kept])
    const { origin, release } = await server.slot(kept)
    release()
    const seen = new Set<string>()
    const textOf = (one: InstanceState) => `${one.isOutdated ? 'old' : 'new'} ${one.phase}`
    server.listen((model) => seen.add(server.of(model).map(textOf).join(', ')))
    server.want([changed])
    await eventually(() => expect([...seen]).toContain('old ready, new booting'))
    await eventually(() => expect(engine.containers()).toHaveLength(1))
    const next = await server.slot(changed)
    expect(next.origin).not.toBe(origin)
    expect(server.failuresOf(kept.key)).toEqual([])
  })
})

describe('an operator', () => {
  it('stops a container, or lets it end', async () => {
    const { engine, serve } = await startMachine()
    const one = workload({ max: 2 })
    const server = serve([one])
    const slot = await server.slot(one)
    const [state] = server.of(one.model)
    expect(await server.drain(state?.name ?? '')).toBe(true)
    await eventually(() => expect(server.of(one.model)[0]?.phase).toBe('leaving'))
    const next = await server.slot(one)
    expect(next.origin).not.toBe(slot.origin)
    slot.release()
    await eventually(() => expect(engine.containers()).toHaveLength(1))
    expect(await server.stop(server.of(one.model).at(-1)?.name ?? '')).toBe(true)
    await eventually(() => expect(engine.containers()).toEqual([]))
    expect(await server.stop('sandpit-none')).toBe(false)
  })

  it('sees the memory of a container', async () => {
    const { engine, serve } = await startMachine()
    const one = workload()
    const server = serve([one])
    const slot = await server.slot(one)
    const name = server.of(one.model)[0]?.name ?? ''
    expect(await server.memoryOf(name)).toEqual({ used: 700, most: 2_000 })
    engine.faults.stats = 'refused'
    expect(await server.memoryOf(name)).toBeNull()
    expect(await server.memoryOf('sandpit-none')).toBeNull()
    slot.release()
  })
})
