import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { doing } from '../providers/support/cog-models.ts'
import type { CogContext } from '../providers/support/cog-run.ts'
import { startCogServer } from '../providers/support/cog-server.ts'
import {
  type ReplicateServer,
  type ScriptedRun,
  startReplicate,
  token,
} from '../providers/support/replicate-server.ts'
import { apiAt } from '../support/api-at.ts'
import { eventually } from '../support/eventually.ts'
import { type Replica, type Replicas, startReplicas } from '../support/replicas.ts'
import { startRoundRobin } from '../support/round-robin.ts'
import { newDatabase } from './support.ts'

/** A machine under load is slower than the 12 s of docs/scale.md. */
const patienceMs = 40_000
const slow = { timeout: 120_000 }

/** Runs end when the test says so. */
function work(run: ScriptedRun): Promise<void> {
  run.log('working\n')
  return run.work(600_000)
}

let replicate: ReplicateServer
let two: Replicas
beforeAll(async () => {
  replicate = await startReplicate({ 'test/worker': { run: work } })
  const environment = { REPLICATE_API_TOKEN: token, REPLICATE_API_URL: String(replicate.url) }
  two = await startReplicas({ count: 2, database: await newDatabase(), environment })
}, 120_000)
afterAll(async () => {
  await two?.stop()
  await replicate?.close()
})

const at = ({ url }: Replica) => apiAt(url)

/** Starts a run of Replicate at a replica. */
async function begin(replica: Replica) {
  const before = replicate.runs().length
  const { id } = await at(replica).run('test/worker', {})
  await eventually(() => expect(replicate.runs()).toHaveLength(before + 1))
  const run = replicate.runs()[before]
  if (!run) throw new Error('Nothing was asked for')
  await eventually(async () => expect((await at(replica).find(id)).logs).toBe('working\n'))
  return { id, run }
}

/** Waits until a replica shows what a run has logged. Resolves with how long that took. */
async function followedOn(replica: Replica, { id, run }: { id: string; run: ScriptedRun }) {
  const since = performance.now()
  run.log('followed on\n')
  await eventually(
    async () => expect((await at(replica).find(id)).logs).toBe('working\nfollowed on\n'),
    patienceMs,
  )
  const seconds = (performance.now() - since) / 1_000
  console.info(`Followed on after ${seconds.toFixed(1)} s`)
}

async function endsOnce(replica: Replica, { id, run }: { id: string; run: ScriptedRun }) {
  run.make('done')
  run.end('succeeded')
  await eventually(async () => expect((await at(replica).find(id)).status).toBe('succeeded'))
  expect(await at(replica).find(id)).toMatchObject({ output: 'done', error: null })
}

it('of Replicate are followed on by another replica when theirs is killed', slow, async () => {
  const [one, other] = two.replicas as [Replica, Replica]
  const runs = [await begin(one), await begin(one)]
  await one.end('SIGKILL')
  await Promise.all(runs.map((run) => followedOn(other, run)))
  await Promise.all(runs.map((run) => endsOnce(other, run)))
  expect(replicate.asked('POST predictions')).toHaveLength(2)
  await one.start()
})

it('of Replicate are followed on by another replica when theirs is stopped', slow, async () => {
  const [one, other] = two.replicas as [Replica, Replica]
  const asked = replicate.asked('POST predictions').length
  const run = await begin(one)
  expect(await one.end('SIGTERM')).toEqual({ code: 0, signal: null })
  await followedOn(other, run)
  await endsOnce(other, run)
  expect(replicate.asked('POST predictions')).toHaveLength(asked + 1)
  await one.start()
})

/** Two replicas over a container whose runs the test ends. `isShared`: it calls any of them. */
async function overContainer({ isShared }: { readonly isShared: boolean }) {
  const runs: { readonly context: CogContext; readonly finish: (output: string) => void }[] = []
  const model = doing((context) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    runs.push({ context, finish: resolve })
    context.signal.addEventListener('abort', () => resolve(''))
    context.log('working\n')
    return promise
  })
  const container = await startCogServer({ model })
  let replicas: Replicas | null = null
  const callbacks = await startRoundRobin(() => replicas?.replicas ?? [])
  const environment = {
    COG_MODELS: `team/worker=${container.origin}`,
    ...(isShared ? { SANDPIT_CALLBACK_URL: callbacks.url } : {}),
  }
  replicas = await startReplicas({ count: 2, database: await newDatabase(), environment })
  onTestFinished(async () => {
    await replicas?.stop()
    await callbacks.close()
    await container.close()
  })
  const [one, other] = replicas.replicas as [Replica, Replica]
  return { runs, one, other }
}

it('of Cog are followed on where the container calls any replica', slow, async () => {
  const { runs, one, other } = await overContainer({ isShared: true })
  const { id } = await at(one).run('team/worker', {})
  await eventually(async () => expect((await at(one).find(id)).logs).toBe('working\n'))
  await one.end('SIGKILL')
  await eventually(async () => {
    runs[0]?.context.log('still working\n')
    expect((await at(other).find(id)).logs).toMatch(/^working\nstill working\n/)
  }, patienceMs)
  runs[0]?.finish('after all')
  await eventually(async () =>
    expect(await at(other).find(id)).toMatchObject({ status: 'succeeded', output: 'after all' }),
  )
  expect(runs).toHaveLength(1)
})

it(
  'of Cog are run again where the container called the replica that was killed',
  slow,
  async () => {
    const { runs, one, other } = await overContainer({ isShared: false })
    const { id } = await at(one).run('team/worker', {})
    await eventually(async () => expect((await at(one).find(id)).logs).toBe('working\n'))
    await one.end('SIGKILL')
    await eventually(() => expect(runs).toHaveLength(2), patienceMs)
    runs[1]?.finish('the second time')
    await eventually(async () =>
      expect(await at(other).find(id)).toMatchObject({ output: 'the second time' }),
    )
    expect((await at(other).find(id)).logs).toMatch(/^The server stopped during this run/)
  },
)
