import { setTimeout as delay } from 'node:timers/promises'
import { type Model, nothingToNote, unpresented } from '../../src/domain/model/model.ts'
import { type ModelRef, modelName, sameModel } from '../../src/domain/model-ref.ts'
import type { Provider, Run } from '../../src/providers/provider.ts'
import type { StartRequest } from '../../src/runner/acceptance.ts'
import { versionOf } from './domain.ts'
import { createTestApp } from './test-app.ts'

/** A run that is under way. */
interface UnderWay {
  readonly id: string
  readonly model: ModelRef
  readonly endsAt: number
  end(): void
}

/** A run that has begun, in the order in which they began. */
export interface Begun {
  readonly id: string
  readonly at: number
}

export interface TimedLineOptions {
  readonly copies?: number
  readonly rerun?: boolean
  readonly data?: string
  readonly environment?: Readonly<Record<string, string>>
}

export const timed: ModelRef = { owner: 'team', name: 'timed' }
const startedAt = Date.UTC(2026, 0, 1)

/**
 * The real runner over a provider whose runs take as many seconds as their input says, by a clock that
 * goes on when the test says so.
 */
export async function createTimedLine(options: TimedLineOptions = {}) {
  const { copies = 1, rerun = true, data, environment = {} } = options
  let now = startedAt
  const underWay = new Map<string, UnderWay>()
  const begun: Begun[] = []
  let wake = () => {}

  const model = modelNamed(timed, copies, rerun)
  const other = modelNamed({ owner: 'team', name: 'other' }, copies, rerun)

  async function* run({ id, version, input, signal }: Run) {
    const ended = Promise.withResolvers<void>()
    const endsAt = now + Number(input.seconds) * 1_000
    signal.addEventListener('abort', () => ended.resolve())
    if (signal.aborted) ended.resolve()
    underWay.set(id, { id, model: version.model, endsAt, end: ended.resolve })
    begun.push({ id, at: now })
    yield { type: 'started' } as const
    wake()
    await ended.promise
    underWay.delete(id)
    if (!signal.aborted) yield { type: 'succeeded' } as const
  }

  const provider: Provider = {
    name: 'timed',
    label: 'Timed',
    title: 'Timed',
    origin: 'here',
    wantsFiles: false,
    resumes: false,
    runsHere: true,
    models: async () => [model, other],
    find: async (ref) =>
      [model, other].find((one) => modelName(one.ref) === modelName(ref)) ?? null,
    probe: async () => null,
    state: async () => ({ kind: 'works', sentence: '' }),
    warmth: () => 'warm',
    health: () => nothingToNote,
    asset: async () => null,
    run,
    close: async () => {},
  }
  const sandpit = await createTestApp({
    ...(data === undefined ? {} : { data }),
    environment,
    providers: () => [provider],
    now: () => now,
  })
  const { runner } = sandpit

  /** Resolves when so many runs are under way. */
  async function running(count: number): Promise<void> {
    while (underWay.size < count) await begins()
  }

  function begins(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve
    })
  }

  const isTimedUnderWay = () => [...underWay.values()].some(({ model }) => sameModel(model, timed))

  /** Waits for a run of `timed` while there are any to come. Resolves with whether any run is under way. */
  async function isBusy(): Promise<boolean> {
    while (!isTimedUnderWay()) {
      const { running, waiting } = await runner.load(timed)
      if (running + waiting === 0) break
      // Between two runs, a queue that replicas share may claim nothing for a while.
      await Promise.race([begins(), delay(20)])
    }
    return underWay.size > 0
  }

  return {
    sandpit,
    begun,
    other: other.ref,
    now: () => now,
    running,
    isBusy,
    isUnderWay: (id: string) => underWay.has(id),
    /** Lets the clock go on. */
    pass(seconds: number): void {
      now += seconds * 1_000
    },
    /** Adds a prediction of so many seconds for an account. Resolves with its id. */
    async add(account: string, seconds: number, more: Partial<StartRequest> = {}) {
      const started = await runner.start({
        model,
        input: { seconds },
        files: [],
        createdBy: account,
        source: 'api',
        formKey: null,
        ...more,
      })
      if (!started.ok) throw new Error(started.reason)
      return started.prediction.id
    },
    model,
    otherModel: other,
    /** When the next run ends; null while none is under way. */
    nextEnd: (): number | null =>
      underWay.size === 0 ? null : Math.min(...[...underWay.values()].map((one) => one.endsAt)),
    /** Ends the run that is the next to end, at its time. Resolves with its id when it is settled. */
    async endNext(): Promise<string> {
      const [next] = [...underWay.values()].sort((one, two) => one.endsAt - two.endsAt)
      if (!next) throw new Error('Nothing is under way')
      now = Math.max(now, next.endsAt)
      next.end()
      await runner.settledWithin(next.id, 60_000)
      return next.id
    },
  }
}

function modelNamed(ref: ModelRef, copies: number, rerun: boolean): Model {
  return {
    ...unpresented,
    ref,
    provider: 'timed',
    description: 'Takes its time.',
    version: versionOf({ model: ref, provider: 'timed', id: ref.name.repeat(16).slice(0, 64) }),
    cover: null,
    readme: null,
    examples: [],
    broken: null,
    undescribed: null,
    limits: { copies, rerun, timeoutMs: null },
  }
}
