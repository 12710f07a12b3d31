import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { mostOf } from '../../../../src/domain/instance/choice-texts.ts'
import { usualInstances } from '../../../../src/domain/instance/choices.ts'
import type { Deployment } from '../../../../src/domain/model/deployment.ts'
import { type ModelRecord, noSettings } from '../../../../src/domain/model/record.ts'
import { eventually } from '../../../support/eventually.ts'
import { createWorkshop, isAlive, type Workshop } from '../../support/workshop.ts'

const owner = 'test'

describe('copies that are kept warm', () => {
  let workshop: Workshop
  const records: ModelRecord[] = []
  const deployments: Deployment[] = []
  afterEach(async () => {
    records.length = 0
    deployments.length = 0
    await workshop.close()
  })

  async function open(limits = {}): Promise<void> {
    workshop = await createWorkshop({
      limits,
      records: () => records,
      deployments: () => deployments,
    })
  }

  function keep(name: string, min: number, idleMs = usualInstances.idleMs): void {
    const settings = { ...noSettings, instances: { ...usualInstances, min, idleMs } }
    const ref = { owner, name }
    records.splice(0, records.length, {
      ref,
      source: null,
      hardware: null,
      settings,
      createdAt: 0,
      updatedAt: 0,
    })
  }

  function deploy(name: string, version: string, minInstances: number): void {
    deployments.push({
      ref: { owner, name: 'deployed' },
      current: {
        number: 1,
        model: { owner, name },
        version,
        hardware: 'sandpit',
        minInstances,
        maxInstances: 5,
        idleMs: null,
        createdAt: 0,
        createdBy: 'x',
      },
    })
  }

  const states = (name: string) => workshop.provider.instances?.of({ owner, name }) ?? []
  const pids = (name: string) => states(name).map((one) => Number(one.name.replace('process ', '')))
  const ready = (name: string) => states(name).filter(({ phase }) => phase === 'ready')
  const isReady = (name: string, count: number) =>
    eventually(() => {
      expect(ready(name)).toHaveLength(count)
      expect(states(name)).toHaveLength(count)
    })

  it('are started before anybody asks, and not ended when they are idle', async () => {
    await open({ idleMs: 1 })
    workshop.model('pid', `copies: 3, run: () => String(process.pid),`)
    keep('pid', 2, 1)
    await isReady('pid', 2)
    const before = pids('pid')
    const { prediction } = await workshop.run('pid')
    expect(before).toContain(Number(prediction.output))
    await workshop.run('pid')
    expect(pids('pid')).toEqual(before)
    keep('pid', 0, 1)
    await eventually(() => expect(states('pid')).toEqual([]))
  })

  it('stay idle for as many days as can be entered, without a timer that overflows', async () => {
    await open()
    workshop.model('pid', `run: () => String(process.pid),`)
    keep('pid', 0, mostOf.idle * 1_000)
    const warnings: Error[] = []
    const warn = (warning: Error) => warnings.push(warning)
    process.on('warning', warn)
    onTestFinished(() => void process.off('warning', warn))
    await workshop.run('pid')
    await isReady('pid', 1)
    // Warnings are told in the turn after the one that they are about.
    await new Promise(setImmediate)
    expect(warnings).toEqual([])
  })

  it('are no more than the model may have processes', async () => {
    await open()
    workshop.model('pid', `copies: 2, run: () => String(process.pid),`)
    keep('pid', 5)
    await isReady('pid', 2)
  })

  it('are started again when they end, later each time', async () => {
    await open()
    workshop.model('pid', `run: () => String(process.pid),`)
    keep('pid', 1)
    await isReady('pid', 1)
    const [before = 0] = pids('pid')
    process.kill(before, 'SIGKILL')
    const failures = () => workshop.provider.instances?.failures({ owner, name: 'pid' }) ?? []
    await eventually(() => expect(failures()[0]?.sentence).toContain('SIGKILL'))
    expect(states('pid')).toEqual([])
    const nextTry = () => workshop.provider.instances?.nextTry({ owner, name: 'pid' })
    expect(nextTry()).toEqual({ at: (failures()[0]?.at ?? 0) + 1_000, isKept: true })
    workshop.pass(1_000)
    await isReady('pid', 1)
    expect(pids('pid')).not.toEqual([before])
    expect(failures()).toEqual([])
    expect(nextTry()).toBe(null)
  })

  it('say why their set-up fails, and are tried again when they are told to', async () => {
    await open()
    workshop.write('broken/weights', 'absent')
    workshop.model(
      'broken',
      `setup() { console.log('loading'); if (readFileSync('weights', 'utf8') === 'absent') throw new Error('no weights') },
  run: () => 'x',`,
      `import { readFileSync } from 'node:fs'`,
    )
    keep('broken', 1)
    const { instances } = workshop.provider
    const ref = { owner, name: 'broken' }
    await eventually(() =>
      expect(instances?.failures(ref)[0]).toMatchObject({
        sentence: 'Setup of the model failed: no weights',
        logs: expect.stringContaining('loading'),
      }),
    )
    workshop.write('broken/weights', 'there')
    await instances?.tryAgain(ref)
    await isReady('broken', 1)
    expect(instances?.failures(ref)).toEqual([])
  })

  it('are those of the current version, and of what deployments run', async () => {
    await open()
    workshop.model('moving', `copies: 2, run: () => 'old ' + process.pid,`)
    keep('moving', 1)
    await isReady('moving', 1)
    const [old = 0] = pids('moving')
    const before = states('moving')[0]?.version ?? ''
    workshop.model('moving', `copies: 2, run: () => 'new ' + process.pid,`)
    await eventually(() => expect(isAlive(old)).toBe(false))
    await isReady('moving', 1)
    expect(states('moving')[0]?.version).not.toBe(before)
    deploy('moving', before, 1)
    await isReady('moving', 2)
    expect(states('moving').map(({ version }) => version)).toContain(before)
  })
})

describe('a process of a local model', () => {
  it('is known by its state and memory, drained, and stopped', async () => {
    const workshop = await createWorkshop()
    const { instances } = workshop.provider
    const ref = { owner, name: 'slow' }
    workshop.model(
      'slow',
      `memory: 512, async run(_, ctx) { ctx.log('begun'); await new Promise(() => {}) },`,
    )
    const running = workshop.run('slow')
    await eventually(() => expect(instances?.of(ref)[0]).toMatchObject({ phase: 'ready', runs: 1 }))
    const [one] = instances?.of(ref) ?? []
    const name = one?.name ?? ''
    expect(one).toMatchObject({ engine: null, slots: 1, idleSince: null, model: 'test/slow' })
    const memory = await instances?.memoryOf(name)
    expect(memory?.most).toBe(512 * 2 ** 20)
    expect(memory?.used).toBeGreaterThan(2 ** 20)
    expect(await instances?.drain(name)).toBe(true)
    expect(instances?.of(ref)[0]).toMatchObject({ phase: 'leaving', runs: 1 })
    expect(await instances?.stop(name)).toBe(true)
    expect((await running).prediction.error).toBe('The model’s process was stopped by an operator.')
    expect(instances?.of(ref)).toEqual([])
    expect(await instances?.drain(name)).toBe(false)
    expect(await instances?.memoryOf(name)).toBeNull()
    await workshop.close()
  })

  it('makes room for one of another version when there may be no more', async () => {
    const workshop = await createWorkshop()
    workshop.model('moving', `run: () => 'old',`)
    const before = await workshop.find('moving')
    if (!before) throw new Error('There is no such model')
    await workshop.run('moving')
    workshop.model('moving', `run: () => 'new',`)
    await workshop.run('moving')
    await workshop.run('moving')
    const found = workshop.provider.instances?.of(before.ref) ?? []
    expect(found).toHaveLength(1)
    expect(found[0]?.version).not.toBe(before.version.id)
    await workshop.close()
  })
})
