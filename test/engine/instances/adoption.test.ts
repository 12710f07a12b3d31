import { describe, expect, it } from 'vitest'
import type { Workload } from '../../../src/engine/instances/workload.ts'
import { eventually } from '../../support/eventually.ts'
import { startMachine, workload } from './machine.ts'

const one = workload()
const changed = workload({ container: { ...one.container, cpus: 2 } })
const signal = new AbortController().signal

type Machine = Awaited<ReturnType<typeof startMachine>>

/** A container of a server that has ended, and its address. */
async function leftBy({ serve }: Machine, workload: Workload, more: Parameters<typeof serve>[1]) {
  const before = serve([workload], { keep: true, ...more })
  const { origin } = await before.slot(workload)
  await before.close()
  return origin
}

describe('a container of the server before', () => {
  it('lets a run end though it was created from something else', async () => {
    const machine = await startMachine()
    const { engine, pass, serve } = machine
    const origin = await leftBy(machine, one, {})
    const after = serve([changed])
    const slot = await after.takeAt(origin, signal)
    pass(11_000)
    await eventually(() => expect(after.of(one.model)[0]?.phase).toBe('leaving'))
    const next = await after.slot(changed)
    expect(next.origin).not.toBe(origin)
    expect(engine.containers()).toHaveLength(2)
    slot?.release()
    await eventually(() => expect(engine.containers()).toHaveLength(1))
  })

  it.each([
    ['was created from something else', [changed], []],
    ['is one too many', [workload({ max: 0 })], []],
    [
      'has the GPU that another one waits for',
      [workload({ gpus: 1, container: changed.container }), workload({ key: 'test/b@1', gpus: 1 })],
      ['0'],
    ],
  ])('waits for its runs to be taken up though it %s', async (_, wanted, gpus) => {
    const machine = await startMachine()
    const { pass, serve } = machine
    const origin = await leftBy(machine, workload({ gpus: gpus.length }), { gpus })
    const after = serve(wanted, { gpus })
    const [, waiting] = wanted
    if (waiting) after.ask(waiting)
    await eventually(() => expect(after.of(one.model)).toMatchObject([{ phase: 'ready' }]))
    // Both what is wanted and what runs were looked at once more.
    await after.takeAt('http://127.0.0.1:1', signal)
    const slot = await after.takeAt(origin, signal)
    expect(slot).not.toBeNull()
    slot?.release()
    pass(31_000)
    await eventually(() => expect(after.of(one.model).map((it) => it.origin)).not.toContain(origin))
  })

  it('is found though another engine is away', async () => {
    const machine = await startMachine()
    const origin = await leftBy(machine, one, {})
    const after = machine.serve([one], { besides: `${machine.engine.address.socket}.none` })
    expect((await after.takeAt(origin, signal))?.origin).toBe(origin)
  })

  it('is found, and others start, though its model is to be closed, which its host cannot run', async () => {
    const reach = { kind: 'other host', host: '127.0.0.1' } as const
    const machine = await startMachine()
    const origin = await leftBy(machine, one, { reach })
    const closed = workload({ container: { ...one.container, isOpen: false } })
    const other = workload({ key: 'test/other@1', model: 'test/other' })
    const after = machine.serve([closed, other], { reach })
    expect((await after.takeAt(origin, signal))?.origin).toBe(origin)
    expect(after.of(one.model)).toMatchObject([{ isOutdated: true }])
    await after.slot(other)
  })
})
