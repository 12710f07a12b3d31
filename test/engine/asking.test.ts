import { describe, expect, it, onTestFinished } from 'vitest'
import { createAsking } from '../../src/engine/asking.ts'
import { createEngine } from '../../src/engine/client.ts'
import type { Readiness } from '../../src/engine/instances/states.ts'
import { labels } from '../../src/engine/labels.ts'
import { hello } from '../providers/support/cog-models.ts'
import { type ScriptedEngine, startScriptedEngine } from '../support/containers/scripted-engine.ts'
import { eventually } from '../support/eventually.ts'
import { hasty } from './instances/machine.ts'
import { imageId, readJson } from './support.ts'

const image = { name: 'models/hello:1', id: imageId('a'), model: hello }

async function startEngine(): Promise<ScriptedEngine> {
  const engine = await startScriptedEngine({ images: [image] })
  onTestFinished(() => engine.close())
  return engine
}

/** A server among those in `living`, which share a database. */
function serve(engine: ScriptedEngine, replica: string, living: ReadonlySet<string>) {
  const client = createEngine(engine.address, readJson)
  const asking = createAsking({
    engine: client,
    server: 'me',
    share: { replica, live: async () => living },
    reach: { kind: 'same host' },
    authFor: () => null,
    now: Date.now,
    newId: () => crypto.randomUUID(),
    log: { error() {} },
    limits: hasty,
  })
  onTestFinished(async () => {
    await asking.close()
    await client.close()
  })
  return {
    ...asking,
    /** Asks; it is answered once the test says so. */
    begin() {
      const said = Promise.withResolvers<Readiness>()
      const answer = asking.ask({
        image: { id: image.id, name: image.name },
        auth: null,
        bootLimitMs: 60_000,
        look: () => said.promise,
        told: () => {},
        signal: new AbortController().signal,
      })
      return { answer, ready: () => said.resolve({ state: 'ready' }) }
    },
  }
}

/** The servers whose questions have containers that run. */
const asked = (engine: ScriptedEngine) =>
  engine
    .containers()
    .filter((one) => one.state().status === 'running')
    .map((one) => one.labels[labels.replica])

/** Everything that is left over was looked for twice, so once from its beginning. */
async function lookedThrough(engine: ScriptedEngine): Promise<void> {
  const looks = () => engine.asked.filter((one) => one === 'GET /networks').length
  const before = looks()
  await eventually(() => expect(looks()).toBeGreaterThan(before + 2))
}

describe('an image that is asked by one of several servers', () => {
  it('is asked on while others start and stop, and goes with its network once it has answered', async () => {
    const engine = await startEngine()
    const living = new Set(['a', 'b'])
    const first = serve(engine, 'a', living)
    const { answer, ready } = first.begin()
    await eventually(() => expect(asked(engine)).toEqual(['a']))
    const second = serve(engine, 'b', living)
    await lookedThrough(engine)
    await second.close()
    expect(asked(engine)).toEqual(['a'])
    ready()
    expect(await answer).toEqual({ kind: 'answered' })
    await eventually(() => expect(engine.containers()).toEqual([]))
    await eventually(() => expect([...engine.networks]).toEqual([]))
  })

  it('is let go by the others when the server that asked is dead', async () => {
    const engine = await startEngine()
    const living = new Set(['a', 'b'])
    await engine.run('left', { Image: image.name, Labels: leftBy('a') })
    engine.networks.set('left', leftBy('a'))
    engine.networks.set('other', { [labels.server]: 'somebody' })
    serve(engine, 'b', living)
    await lookedThrough(engine)
    expect(engine.containers()).toHaveLength(1)
    living.delete('a')
    await eventually(() => expect(engine.containers()).toEqual([]))
    await eventually(() => expect([...engine.networks.keys()]).toEqual(['other']))
  })

  it('leaves no container whose removal was refused at first', async () => {
    const engine = await startEngine()
    const one = serve(engine, 'a', new Set(['a']))
    engine.faults.remove = 'device or resource busy'
    const { answer, ready } = one.begin()
    ready()
    expect(await answer).toEqual({ kind: 'answered' })
    await lookedThrough(engine)
    expect(engine.containers()).toHaveLength(1)
    delete engine.faults.remove
    await eventually(() => expect(engine.containers()).toEqual([]))
  })
})

const leftBy = (replica: string) => ({ [labels.server]: 'me-asks', [labels.replica]: replica })
